import type { EntityManager } from "@mikro-orm/core";
import { Session } from "./entities.ts";

/** Ends every session of an identity but one. The count takes in those that had ended before, as Kratos' does. */
export async function revokeOtherSessions(
  em: EntityManager,
  identityId: string,
  current: string,
  now: Date,
): Promise<number> {
  return em.nativeUpdate(
    Session,
    { identity: identityId, id: { $ne: current } },
    { active: false, updatedAt: now },
  );
}

/** Ends every session of an identity. */
export async function revokeSessionsOf(em: EntityManager, identityId: string, now: Date): Promise<void> {
  await em.nativeUpdate(Session, { identity: identityId, active: true }, { active: false, updatedAt: now });
}

/** Ends one session of an identity. Says nothing of sessions that are not its own. */
export async function revokeSession(em: EntityManager, identityId: string, id: string, now: Date): Promise<void> {
  await em.nativeUpdate(Session, { id, identity: identityId, active: true }, { active: false, updatedAt: now });
}

/** Ends the session of a token, and tells whether there ever was one. */
export async function revokeByTokenHash(em: EntityManager, tokenHash: string, now: Date): Promise<boolean> {
  return (await em.nativeUpdate(Session, { tokenHash }, { active: false, updatedAt: now })) > 0;
}
