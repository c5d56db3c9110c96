import type { Call, Context } from "../context.ts";
import { sha256Hex } from "../crypto/token.ts";
import { ErrorReason, problem } from "../errors.ts";
import { actInPlaceOf } from "../events/cause.ts";
import { actorIn, assertOwn } from "./act.ts";
import { sessionOfToken } from "./cache.ts";
import { sessionTokenOf } from "./carrier.ts";
import type { SessionRow } from "./statements.ts";
import { noteUse } from "./use.ts";

const found = Symbol("the session of the request");

/** A session, or none; a promise only where somebody has to be asked. */
type Finding = SessionRow | undefined | Promise<SessionRow | undefined>;

/** A call that remembers. A WeakMap with an entry for each request would cost the garbage collector much more. */
type Remembering = Call & { [found]?: { readonly session: Finding } };

/**
 * The session that a request acts in: there, active, not run out, of an account that may be used. One statement, or none where it
 * is known. Who only tells of it may take one that is out of date, for as long as the configuration says (`session.cache`).
 */
export function currentSession(ctx: Context, only?: "to-tell"): Finding {
  return ((ctx.call as Remembering)[found] ??= { session: findActive(ctx, only) }).session;
}

/** Lets the rest of a call act in no session, whatever its cookies say, since it is made for somebody who is elsewhere. */
export function actInNoSession({ call }: Context): void {
  (call as Remembering)[found] = { session: undefined };
}

/** Lets the rest of a call act in a session that has just begun. */
export function actInSession(ctx: Context, token: string): void {
  (ctx.call as Remembering)[found] = { session: activeBy(ctx, token) };
}

function findActive(ctx: Context, only?: "to-tell"): Finding {
  const token = sessionTokenOf(ctx);
  return token ? activeBy(ctx, token, only) : undefined;
}

function activeBy(ctx: Context, token: string, only?: "to-tell"): Finding {
  const row = sessionOfToken(ctx, sha256Hex(token), only);
  return row instanceof Promise ? row.then((read) => inUse(ctx, read)) : inUse(ctx, row);
}

function inUse(ctx: Context, row: SessionRow | undefined): Finding {
  if (!row || !isActive(row, ctx.now())) return undefined;
  if (row.act) actInPlaceOf(ctx.call, actorIn(row));
  return noteUse(ctx, row);
}

/** Whether a session may be used. */
export const isActive = (row: SessionRow, now: Date): boolean =>
  row.active && row.expiresAt > now && row.identity.state === "active";

/** The session of a request that needs one. */
export async function requireSession(ctx: Context, otherwise = ErrorReason.SESSION_REQUIRED): Promise<SessionRow> {
  const session = await currentSession(ctx);
  if (!session) throw problem(otherwise, { reason: "The request carries no valid session." });
  return session;
}

/** The session of a request that its person alone can make. Throws SESSION_IMPERSONATED where somebody acts in their place. */
export async function requireOwnSession(ctx: Context, otherwise?: ErrorReason): Promise<SessionRow> {
  const session = await requireSession(ctx, otherwise);
  assertOwn(session);
  return session;
}
