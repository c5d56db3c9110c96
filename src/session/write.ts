import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { change, insert, remove } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Cause } from "../events/cause.ts";
import type { SessionPayload, SessionsPayload } from "../events/event-types.ts";
import { record } from "../events/record.ts";
import { describeDevice } from "./device.ts";
import { sessionDevices, sessions } from "./entities.ts";
import type { SessionRow } from "./statements.ts";

/** A session that begins, as it is written. */
type NewSession = Pick<RowOf<typeof sessions>, "id" | "identityId" | "tokenHash" | "aal" | "methods" | "expiresAt">;

/** Writes a session that begins. */
export async function openSession(ctx: Context, session: NewSession, cause: Cause): Promise<void> {
  const now = ctx.now();
  const { id, identityId } = session;
  await ctx.tx(async (tx) => {
    await insert(tx, sessions, [
      { ...session, active: true, authenticatedAt: now, issuedAt: now, createdAt: now, updatedAt: now },
    ]);
    await addDevice(tx, { id, devices: [] });
    await record(tx, cause, { type: "SessionIssued", subjectId: identityId, sessionId: id, payload: restsOn(session) });
  });
}

/** Notes from where a session is used, unless that is known. */
export async function addDevice(ctx: Context, { id, devices }: Pick<SessionRow, "id" | "devices">): Promise<void> {
  const now = ctx.now();
  const device = describeDevice(ctx);
  if (devices.some(({ ipAddress, userAgent }) => ipAddress === device.ipAddress && userAgent === device.userAgent))
    return;
  await insert(ctx, sessionDevices, [
    { id: uuidv7(now.getTime()), sessionId: id, ...device, createdAt: now, updatedAt: now },
  ]);
}

/** What changes in a session that goes on. */
export type SessionChanges = Partial<Omit<RowOf<typeof sessions>, "id" | "identityId" | "active">>;

/** Writes what changes in a session that goes on. One that was revoked while somebody was at it stays revoked. */
export async function renewSession(
  ctx: Context,
  session: SessionRow,
  how: "confirmed" | "rotated",
  changes: SessionChanges,
  cause: Cause,
): Promise<void> {
  const { id, identity } = session;
  await ctx.tx(async (tx) => {
    const changed = await change(tx, sessions, { ...changes, updatedAt: tx.now() }, (query) =>
      query.where("id", "=", id).where("active", "=", true),
    );
    if (changed === 0)
      throw problem(ErrorReason.SESSION_INACTIVE, { reason: "The session has ended in the meantime." });
    const payload = { change: how, ...restsOn({ ...session, ...changes }) };
    await record(tx, cause, { type: "SessionChanged", subjectId: identity.id, sessionId: id, payload });
  });
}

function restsOn({ aal, methods, expiresAt }: Pick<SessionRow, "aal" | "methods" | "expiresAt">): SessionPayload {
  const method = methods.at(-1)?.method;
  return { aal, ...(method && { method }), expires_at: expiresAt.toISOString() };
}

/** Lets a session last longer, if it would end before `due`. Tells whether it does: of many who ask at once, one extends it. */
export async function prolongSession(
  ctx: Context,
  { id, identity }: SessionRow,
  expiresAt: Date,
  due: Date | undefined,
  cause: Cause,
): Promise<boolean> {
  return ctx.tx(async (tx) => {
    const extended = await change(tx, sessions, { expiresAt, updatedAt: tx.now() }, (query) =>
      due ? query.where("id", "=", id).where("expiresAt", "<", due) : query.where("id", "=", id),
    );
    if (extended === 0) return false;
    const payload = { expires_at: expiresAt.toISOString() };
    await record(tx, cause, { type: "SessionLifespanExtended", subjectId: identity.id, sessionId: id, payload });
    return true;
  });
}

/** Ends a session of an account, if it is in force. */
export async function endSession(
  ctx: Context,
  { id, identityId }: { id: string; identityId: string },
  cause: Cause,
): Promise<void> {
  await ctx.tx(async (tx) => {
    const ended = await change(tx, sessions, { active: false, updatedAt: tx.now() }, (query) =>
      query.where("id", "=", id).where("identityId", "=", identityId).where("active", "=", true),
    );
    if (ended > 0)
      await record(tx, cause, { type: "SessionRevoked", subjectId: identityId, sessionId: id, payload: {} });
  });
}

/** Which sessions: those of accounts or certain ones, by their ids; or some of all, by theirs. */
export interface SessionsOf {
  readonly kind: SessionsPayload["of"];
  readonly ids: readonly string[];
  /** The one that is left out. */
  readonly exceptId?: string;
}

const columnOf = ({ kind }: SessionsOf) => (kind === "identity" || kind === "identities" ? "identityId" : "id");

/** Ends sessions that are in force, and says how many there were. */
export const endSessions = (ctx: Context, of: SessionsOf, cause: Cause): Promise<number> =>
  ctx.tx(async (tx) => {
    const ended = await change(tx, sessions, { active: false, updatedAt: tx.now() }, (query) => {
      const chosen = query.where(columnOf(of), "in", of.ids).where("active", "=", true);
      return of.exceptId === undefined ? chosen : chosen.where("id", "<>", of.exceptId);
    });
    await recordMany(tx, "SessionsRevoked", of, ended, cause);
    return ended;
  });

/** Removes sessions, and says how many there were. */
export const removeSessions = (ctx: Context, of: SessionsOf, cause: Cause): Promise<number> =>
  ctx.tx(async (tx) => {
    const removed = await remove(tx, sessions, (query) => query.where(columnOf(of), "in", of.ids));
    await recordMany(tx, "SessionsDeleted", of, removed, cause);
    return removed;
  });

/** One event for all that one stroke has ended. Of one account it is the subject; thousands of ids are not listed. */
async function recordMany(
  tx: Context,
  type: "SessionsRevoked" | "SessionsDeleted",
  { kind, ids }: SessionsOf,
  count: number,
  cause: Cause,
): Promise<void> {
  if (count === 0) return;
  const named = kind === "identities" || kind === "sessions";
  await record(tx, cause, {
    type,
    subjectId: kind === "identity" ? ids[0] : null,
    payload: { of: kind, count, ...(named && { ids }) },
  });
}
