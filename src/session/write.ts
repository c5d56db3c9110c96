import { invalidate } from "../coherence/coherence.ts";
import type { Context } from "../context.ts";
import type { Reach } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { change, find, insert, remove } from "../db/query.ts";
import type { RowOf } from "../db/table.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Cause } from "../events/cause.ts";
import type { SessionPayload, SessionsPayload } from "../events/event-types.ts";
import { record } from "../events/record.ts";
import { lockIdentityRow } from "../identity/lock.ts";
import { assertOwn } from "./act.ts";
import { sessionsBeyond } from "./all-sessions.ts";
import { describeDevice } from "./device.ts";
import type { Device } from "./device.ts";
import { sessionDevices, sessions } from "./entities.ts";
import type { SessionRow } from "./statements.ts";

/** A session that begins, as it is written. */
type NewSession = Pick<RowOf<typeof sessions>, "id" | "identityId" | "tokenHash" | "aal" | "methods" | "expiresAt"> &
  Partial<Pick<RowOf<typeof sessions>, "act">>;

/**
 * Writes a session that begins. One in which somebody else acts is none of those that its person has: it takes the place of none,
 * and where it is used they are not told, as that is where the other one is.
 */
export async function openSession(ctx: Context, session: NewSession, cause: Cause): Promise<void> {
  const now = ctx.now();
  const { id, identityId, act, expiresAt } = session;
  const most = act ? undefined : ctx.config.session.max_per_identity;
  await ctx.tx(async (tx) => {
    // Sign-ins to one account that come at once count each other's sessions.
    if (most !== undefined) await lockIdentityRow(tx, identityId);
    await insert(tx, sessions, [
      {
        ...session,
        active: true,
        authenticatedAt: now,
        issuedAt: now,
        lastSeenAt: now,
        createdAt: now,
        updatedAt: now,
      },
    ]);
    if (!act) await insertDevice(tx, id, describeDevice(tx));
    const about = { subjectId: identityId, sessionId: id };
    await record(tx, cause, { type: "SessionIssued", ...about, payload: restsOn(session) });
    if (act) {
      const payload = { reason: act.reason, expires_at: expiresAt.toISOString() };
      await record(tx, cause, { type: "ImpersonationStarted", ...about, payload });
    }
    if (most !== undefined) await endBeyond(tx, { id, identityId }, most);
  });
}

/** Ends the sessions of an account that were used least recently, so that as many stay as it may have with the new one. */
async function endBeyond(tx: Context, { id, identityId }: { id: string; identityId: string }, most: number) {
  const ids = await sessionsBeyond(tx, { identityId, exceptId: id }, most - 1);
  if (ids.length === 0) return;
  await endSessions(tx, { kind: "sessions", ids, identityId }, { reason: "sessions.max_per_identity" });
}

/** Notes from where a session is used, unless that is known. */
export async function addDevice(ctx: Context, { id, devices }: Pick<SessionRow, "id" | "devices">): Promise<void> {
  const device = describeDevice(ctx);
  if (devices.some(({ ipAddress, userAgent }) => ipAddress === device.ipAddress && userAgent === device.userAgent))
    return;
  await ctx.tx(async (tx) => {
    invalidate(tx, id);
    await insertDevice(tx, id, device);
  });
}

async function insertDevice(tx: Context, sessionId: string, device: Device): Promise<void> {
  const now = tx.now();
  await insert(tx, sessionDevices, [
    { id: uuidv7(now.getTime()), sessionId, ...device, createdAt: now, updatedAt: now },
  ]);
}

/** What changes in a session that goes on. */
export type SessionChanges = Partial<
  Omit<RowOf<typeof sessions>, "id" | "identityId" | "active" | "lastSeenAt" | "act">
>;

/**
 * Writes what changes in a session that goes on. One that was revoked while somebody was at it stays revoked, and so does
 * one that has got another token than `ifToken` (its SHA-256) in the meantime.
 */
export async function renewSession(
  ctx: Context,
  session: SessionRow,
  how: "confirmed" | "rotated",
  changes: SessionChanges,
  cause: Cause,
  ifToken?: string,
): Promise<void> {
  const { id, identity } = session;
  const now = ctx.now();
  await ctx.tx(async (tx) => {
    invalidate(tx, id);
    const changed = await change(tx, sessions, { ...changes, lastSeenAt: now, updatedAt: now }, (query) => {
      const inForce = query.where("id", "=", id).where("active", "=", true);
      return ifToken === undefined ? inForce : inForce.where("tokenHash", "=", ifToken);
    });
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

/** By how much a session is to last longer. */
export interface Extension {
  readonly expiresAt: Date;
  /** Only if it would end before this. */
  readonly due?: Date | undefined;
  /** Only if it was not revoked. */
  readonly ifActive?: boolean;
}

/**
 * Lets a session last longer. Tells whether it does: of many who ask at once, one extends it. Throws SESSION_IMPERSONATED
 * where somebody else acts in it.
 */
export async function prolongSession(
  ctx: Context,
  session: SessionRow,
  { expiresAt, due, ifActive = false }: Extension,
  cause: Cause,
): Promise<boolean> {
  assertOwn(session);
  const { id, identity } = session;
  return ctx.tx(async (tx) => {
    invalidate(tx, id);
    const extended = await change(tx, sessions, { expiresAt, updatedAt: tx.now() }, (query) => {
      const meant = ifActive ? query.where("id", "=", id).where("active", "=", true) : query.where("id", "=", id);
      return due ? meant.where("expiresAt", "<", due) : meant;
    });
    if (extended === 0) return false;
    const payload = { expires_at: expiresAt.toISOString() };
    await record(tx, cause, { type: "SessionLifespanExtended", subjectId: identity.id, sessionId: id, payload });
    return true;
  });
}

/**
 * Notes that sessions were used, by their ids, if nothing later is known of them. That is no event, and no change of what
 * anybody is told of a session who does not ask for it.
 */
export async function markSeen(reach: Reach, ids: readonly string[], at: Date): Promise<void> {
  await change(reach, sessions, { lastSeenAt: at }, (query) =>
    query.where("id", "in", ids).where("lastSeenAt", "<", at),
  );
}

/** Ends a session of an account, if it is in force. */
export async function endSession(
  ctx: Context,
  { id, identityId }: { id: string; identityId: string },
  cause: Cause,
): Promise<void> {
  await ctx.tx(async (tx) => {
    invalidate(tx, id);
    const ended = await change(tx, sessions, { active: false, updatedAt: tx.now() }, (query) =>
      query
        .where("id", "=", id)
        .where("identityId", "=", identityId)
        .where("active", "=", true)
        .where("act", "is", null),
    );
    if (ended > 0 || (await endActs(tx, { kind: "sessions", ids: [id] }, cause, identityId)) > 0)
      await record(tx, cause, { type: "SessionRevoked", subjectId: identityId, sessionId: id, payload: {} });
  });
}

/** Which sessions: those of accounts or certain ones, by their ids; or some of all, by theirs. */
export interface SessionsOf {
  readonly kind: SessionsPayload["of"];
  readonly ids: readonly string[];
  /** The one that is left out. */
  readonly exceptId?: string;
  /** Whose they are, where that is known of certain ones. */
  readonly identityId?: string;
}

const columnOf = ({ kind }: SessionsOf) => (kind === "identity" || kind === "identities" ? "identityId" : "id");

/** Ends sessions that are in force, and says how many there were. */
export const endSessions = (ctx: Context, of: SessionsOf, cause: Cause): Promise<number> =>
  ctx.tx(async (tx) => {
    invalidate(tx, ...of.ids);
    const acted = await endActs(tx, of, cause);
    const ended = await change(tx, sessions, { active: false, updatedAt: tx.now() }, (query) => {
      const chosen = query.where(columnOf(of), "in", of.ids).where("active", "=", true);
      return of.exceptId === undefined ? chosen : chosen.where("id", "<>", of.exceptId);
    });
    await recordMany(tx, "SessionsRevoked", of, acted + ended, cause);
    return acted + ended;
  });

/** Ends the sessions of an account in which somebody else acts. */
export const endImpersonations = (ctx: Context, identityId: string, cause: Cause): Promise<number> =>
  ctx.tx(async (tx) => {
    const of = { kind: "identity", ids: [identityId] } as const;
    invalidate(tx, identityId);
    const ended = await endActs(tx, of, cause);
    await recordMany(tx, "SessionsRevoked", of, ended, cause);
    return ended;
  });

/** Ends those of the sessions in which somebody else acts, and tells of each why it was. There are few of them, if any. */
async function endActs(tx: Context, of: SessionsOf, cause: Cause, ownerId?: string): Promise<number> {
  const found = await find(tx, sessions, (query) => {
    const chosen = query.where(columnOf(of), "in", of.ids).where("active", "=", true).where("act", "is not", null);
    return of.exceptId === undefined ? chosen : chosen.where("id", "<>", of.exceptId);
  });
  let ended = 0;
  for (const { id, identityId, act, expiresAt } of found) {
    if (identityId !== (ownerId ?? identityId)) continue;
    const mine = await change(tx, sessions, { active: false, updatedAt: tx.now() }, (query) =>
      query.where("id", "=", id).where("active", "=", true),
    );
    ended += mine;
    if (mine === 0 || expiresAt <= tx.now()) continue;
    const payload = { reason: act!.reason };
    await record(tx, cause, { type: "ImpersonationEnded", subjectId: identityId, sessionId: id, payload });
  }
  return ended;
}

/** Removes sessions, and says how many there were. */
export const removeSessions = (ctx: Context, of: SessionsOf, cause: Cause): Promise<number> =>
  ctx.tx(async (tx) => {
    invalidate(tx, ...of.ids);
    await endActs(tx, of, cause);
    const removed = await remove(tx, sessions, (query) => query.where(columnOf(of), "in", of.ids));
    await recordMany(tx, "SessionsDeleted", of, removed, cause);
    return removed;
  });

/** One event for all that one stroke has ended. Of one account it is the subject; thousands of ids are not listed. */
async function recordMany(
  tx: Context,
  type: "SessionsRevoked" | "SessionsDeleted",
  { kind, ids, identityId = kind === "identity" ? ids[0] : undefined }: SessionsOf,
  count: number,
  cause: Cause,
): Promise<void> {
  if (count === 0) return;
  const named = kind === "identities" || kind === "sessions";
  await record(tx, cause, {
    type,
    subjectId: identityId ?? null,
    payload: { of: kind, count, ...(named && { ids }) },
  });
}
