import type { Context } from "../context.ts";
import type { Cause } from "../events/cause.ts";
import { actorIn } from "./act.ts";
import { countSessions } from "./all-sessions.ts";
import { sessionByToken } from "./statements.ts";
import type { SessionRow } from "./statements.ts";
import { endSession, endSessions } from "./write.ts";

/** Ends every session of an identity but one. The count takes in those that had ended before, as Kratos' does. */
export const revokeOtherSessions = (ctx: Context, identityId: string, current: string, cause: Cause): Promise<number> =>
  ctx.tx(async (tx) => {
    await endSessions(tx, { kind: "identity", ids: [identityId], exceptId: current }, cause);
    return countSessions(tx, { identityId, exceptId: current });
  });

/** Ends every session of an identity. */
export async function revokeSessionsOf(ctx: Context, identityId: string, cause: Cause): Promise<void> {
  await endSessions(ctx, { kind: "identity", ids: [identityId] }, cause);
}

/** Ends one session of an identity. Says nothing of sessions that are not its own. */
export const revokeSession = (ctx: Context, identityId: string, id: string, cause: Cause): Promise<void> =>
  endSession(ctx, { id, identityId }, cause);

/** Ends the session of a token, and tells whether there ever was one. */
export async function revokeByTokenHash(ctx: Context, tokenHash: string): Promise<boolean> {
  const session = await sessionByToken(ctx, tokenHash);
  if (session) await revokeSession(ctx, session.identity.id, session.id, byOwner(session, "logout"));
  return session !== undefined;
}

/** That something is done in a session: by its owner, or by whoever acts in their place. */
export const byOwner = (session: Pick<SessionRow, "id" | "identity" | "act">, reason: Cause["reason"]): Cause => ({
  reason,
  actor: actorIn(session),
});
