import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import { statement } from "../db/statement.ts";
import { eventById } from "../events/list.ts";
import type { Log } from "../log.ts";
import type { CircuitBreaker } from "../delivery/circuit-breaker.ts";
import type { Tenant } from "../tenant.ts";
import { attemptDelivery, type Attempted, type PresentEvent } from "./attempt.ts";
import type { DeliveryRow } from "./entities.ts";
import { closeIfEmpty, type DeliveryOutcome, firstIn, giveBack, type HeldQueue, settle } from "./settle.ts";
import type { Subscription } from "./subscription.ts";
import { disableSubscription } from "./write.ts";

/** What deliveries are made with. */
export interface DeliveryParts {
  readonly db: Database;
  readonly log: Log;
  readonly now: () => Date;
  readonly breaker: CircuitBreaker;
  readonly present: PresentEvent;
  /** What the server acts with for a tenant. */
  contextOf(tenant: Tenant): Promise<Context>;
  /** Hears what became of an attempt, and how old the event was that was delivered, in seconds. */
  observe?(outcome: DeliveryOutcome, lagSeconds: number): void;
  /** Aborted when this server waits for no receiver any more. */
  readonly leaving: AbortSignal;
}

/** How long a line is worked on before others have their turn. With the longest attempt behind it, that is less than the lease. */
const turnMs = 20_000;

/** The name by which the breaker knows a receiver. */
export const receiverOf = ({ tenant, id }: Pick<Subscription, "tenant" | "id">): string => `${tenant.id} ${id}`;

/** Delivers what waits in a line, one after the other, until it is empty, something fails or its turn is over. */
export async function deliverQueue(parts: DeliveryParts, subscription: Subscription, taken: HeldQueue): Promise<void> {
  const { db, now, leaving } = parts;
  const ctx = await parts.contextOf(taken.tenant);
  const end = performance.now() + turnMs;
  for (let held = taken; ; held = { ...taken, row: { ...taken.row, failures: 0 } }) {
    const delivery = await firstIn({ db, tenant: taken.tenant }, taken.row.id);
    // Somebody may be about to put something into it.
    if (!delivery) {
      if (await closeIfEmpty(db, held, now())) continue;
      return;
    }
    const attempted = await attempt(parts, ctx, { subscription, delivery });
    // What was broken off counts as if it had never begun.
    if (attempted.outcome !== "delivered" && leaving.aborted) return void (await giveBack(db, held, now()));
    if (!(await writeDown(parts, ctx, { subscription, held, delivery, attempted }))) return;
    if (performance.now() > end || leaving.aborted) return void (await giveBack(db, held, now()));
  }
}

/** A delivery and whose it is. */
interface Underway {
  readonly subscription: Subscription;
  readonly delivery: DeliveryRow;
}

async function attempt(
  { present, leaving }: DeliveryParts,
  ctx: Context,
  { subscription, delivery: { eventId } }: Underway,
): Promise<Attempted> {
  const event = await eventById(ctx, eventId);
  if (event) return attemptDelivery(ctx, subscription, event, { present, signal: leaving });
  const error = "The event was deleted before it could be delivered (events.retention).";
  return { attempt: { at: ctx.now().getTime(), status: 0, ms: 0, error }, outcome: "lost", down: false };
}

interface Finished extends Underway {
  readonly held: HeldQueue;
  readonly attempted: Attempted;
}

/** Writes down how it went, for the line and for the receiver. Whether the next one in the line can follow. */
async function writeDown(parts: DeliveryParts, ctx: Context, finished: Finished): Promise<boolean> {
  const { db, log, now, observe } = parts;
  const { subscription, held, delivery, attempted } = finished;
  // Before the line is given back, to be taken once more by who does not know yet.
  if (attempted.outcome === "gone" && (await disableSubscription(ctx, subscription.id)))
    log.warn("a subscription was disabled, for its receiver wants no more", { subscription: subscription.id });
  const settled = await settle(db, held, delivery, attempted, {
    giveUpAfterMs: ctx.config.webhooks.give_up_after,
    resumedAt: subscription.row.resumedAt,
    now: now(),
  });
  if (attempted.outcome !== "lost") await tellBreaker(parts, finished);
  const told = { subscription: subscription.id, delivery: delivery.id, event: delivery.eventId, type: delivery.type };
  if (!settled) {
    log.warn("a delivery took so long that another worker has taken it", told);
    return false;
  }
  observe?.(settled.outcome, Math.max(0, now().getTime() - delivery.createdAt.getTime()) / 1000);
  if (settled.outcome === "delivered") log.debug("an event was delivered", told);
  else log.warn("an event was not delivered", { ...told, next: settled.outcome, reason: attempted.attempt.error });
  return settled.more;
}

const noteFailing = statement(
  "subscription_fails",
  "update subscriptions set failing_since = ? where nid = ? and id = ? and failing_since is null",
);

const noteWorking = statement(
  "subscription_works",
  "update subscriptions set failing_since = null where nid = ? and id = ? and failing_since is not null",
);

const hurry = statement(
  "hurry_subscription",
  "update subscription_queues set due_at = ? where nid = ? and subscription_id = ? and due_at > ? and lease_id is null",
);

async function tellBreaker(
  { db, log, now, breaker }: DeliveryParts,
  { subscription: { tenant, id, row }, held, attempted: { down, retryAfterMs } }: Finished,
): Promise<void> {
  const receiver = receiverOf({ tenant, id });
  const at = now().getTime();
  const wasOpen = breaker.open().includes(receiver);
  const pauseMs = breaker.record(receiver, !down, at, held.row.id);
  if (pauseMs !== undefined)
    log.warn("a receiver of events is left alone, for it does not answer as it should", { subscription: id, pauseMs });
  if (down && retryAfterMs) breaker.hold(receiver, at + retryAfterMs);
  if (down && breaker.open().includes(receiver)) await db.write(noteFailing, [at, tenant.id, id]);
  // Noted by whichever server: the one that gets through may have heard of no failure.
  if (!down && (wasOpen || row.failingSince)) await db.write(noteWorking, [tenant.id, id]);
  // Who is back need not wait for the pauses that have grown while they were away.
  if (!down && wasOpen) await db.write(hurry, [at, tenant.id, id, at]);
}
