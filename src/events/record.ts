import type { Context } from "../context.ts";
import type { Connection } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { insert } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { clientAddress } from "../server/client-address.ts";
import { actorOf } from "./cause.ts";
import type { Cause } from "./cause.ts";
import { events } from "./entities.ts";
import type { DomainEvent, EventPayloads, FailureType } from "./event-types.ts";
import { takeFromBudget } from "./failure-budget.ts";
import { logAttempts } from "./log-attempts.ts";
import { notifyRecorded } from "./recorded.ts";
import { tallyEvents } from "./tally-events.ts";
import { traceEvents } from "./trace-events.ts";

type EventRow = RowOf<typeof events>;

const batch = Symbol("the events of the transaction");

/** A transaction that remembers what has been recorded in it. A WeakMap would cost the garbage collector more. */
type Remembering = Connection & { [batch]?: EventRow[] };

/**
 * Records what has happened, in the transaction that makes it happen: one that is undone leaves no event, and all the events
 * of one are written at once, at its end. Who reads events hears of them when they are committed.
 *
 * @example
 * await ctx.tx(async (tx) => {
 *   await remove(tx, sessions, (query) => query.where("id", "=", id));
 *   await record(tx, { reason: "logout" }, { type: "SessionRevoked", subjectId, sessionId: id, payload: {} });
 * });
 */
export async function record(ctx: Context, cause: Cause, ...happened: readonly DomainEvent[]): Promise<void> {
  if (happened.length === 0) return;
  const rows = happened.map((one) => rowOf(ctx, cause, one));
  if (ctx.db === ctx.db.database) return write(ctx, rows);
  const transaction: Remembering = ctx.db;
  if (transaction[batch]) return void transaction[batch].push(...rows);
  transaction[batch] = rows;
  transaction.beforeCommit(() => write(ctx, rows));
}

/** An attempt that came to nothing. */
interface Failure<T extends FailureType> {
  readonly type: T;
  readonly subjectId: string | null | undefined;
  readonly payload: EventPayloads[T];
}

/** Records that an attempt has failed, as long as there are few; the log tells of all. */
export async function recordFailure<T extends FailureType>(
  ctx: Context,
  cause: Cause,
  failure: Failure<T>,
): Promise<void> {
  const unrecorded = takeFromBudget(ctx, failure.subjectId, ctx.now().getTime());
  if (unrecorded === undefined) return tell(ctx, [rowOf(ctx, cause, failure as DomainEvent)]);
  const payload = { ...failure.payload, ...(unrecorded > 0 && { unrecorded }) };
  return record(ctx, cause, { ...failure, payload } as DomainEvent);
}

async function write(ctx: Context, rows: readonly EventRow[]): Promise<void> {
  await insert(ctx, events, rows);
  tell(ctx, rows);
  ctx.db.onceCommitted(() => notifyRecorded(ctx.db.database, ctx.tenant.id));
}

const tell = (ctx: Context, rows: readonly EventRow[]): void =>
  ctx.db.onceCommitted(() => {
    logAttempts(ctx.log, rows);
    tallyEvents(ctx, rows);
    traceEvents(ctx.tenant, rows);
  });

const longestRequestId = 128;
const longestName = 255;

function rowOf(
  ctx: Context,
  { reason, actor = undefined }: Cause,
  { type, id: given, subjectId = null, sessionId, payload }: DomainEvent,
): EventRow {
  const now = ctx.now();
  const who = actor ?? actorOf(ctx, subjectId);
  const {
    id = null,
    name = null,
    sessionId: ofActor = null,
    onBehalfOf = null,
  } = who as Partial<Record<"id" | "name" | "sessionId" | "onBehalfOf", string>>;
  return {
    id: given ?? uuidv7(now.getTime()),
    sequence: null,
    hash: null,
    occurredAt: now,
    type,
    reason,
    actorKind: who.kind,
    actorId: id,
    actorName: name?.slice(0, longestName) ?? null,
    actorSessionId: ofActor,
    onBehalfOfId: onBehalfOf,
    subjectId,
    sessionId: sessionId ?? null,
    clientAddress: clientAddress(ctx) || null,
    requestId: ctx.call.headers.get("x-request-id")?.slice(0, longestRequestId) || null,
    payload,
  };
}
