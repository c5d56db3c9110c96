import type { EntityManager, FilterQuery } from "@mikro-orm/core";
import type { Context } from "../context.ts";
import { Session } from "./entities.ts";
import { sessionById } from "./statements.ts";
import type { SessionRow } from "./statements.ts";

/** How many sessions one call for all of them takes on. */
const batchSize = 5000;

/** Which sessions are to be ended or removed. */
export type SessionChoice =
  | { readonly kind: "sessions"; readonly ids: readonly string[] }
  | { readonly kind: "identities"; readonly ids: readonly string[] }
  | { readonly kind: "all" };

/** Ends a session, whoever it belongs to. False where there is none; ending it twice does no harm. */
export async function disableSession({ em, now }: Context, id: string): Promise<boolean> {
  return (await em.nativeUpdate(Session, { id }, { active: false, updatedAt: now() })) > 0;
}

/** Removes all sessions of an identity, and says how many there were. */
export const deleteSessionsOf = ({ em }: Context, identity: string): Promise<number> => em.nativeDelete(Session, { identity });

/** Ends or removes many sessions. `more` says that the call should be repeated. */
export async function manageSessions(
  { em, now }: Context,
  action: "disable" | "delete",
  choice: SessionChoice,
): Promise<{ processed: number; more: boolean }> {
  const open: FilterQuery<Session> = action === "disable" ? { active: true } : {};
  const where: FilterQuery<Session> = { $and: [open, await chosen(em, open, choice)] };
  const processed =
    action === "disable"
      ? await em.nativeUpdate(Session, where, { active: false, updatedAt: now() })
      : await em.nativeDelete(Session, where);
  return { processed, more: choice.kind === "all" && processed === batchSize };
}

async function chosen(em: EntityManager, open: FilterQuery<Session>, choice: SessionChoice): Promise<FilterQuery<Session>> {
  if (choice.kind === "identities") return { identity: { $in: [...choice.ids] } };
  if (choice.kind === "sessions") return { id: { $in: [...choice.ids] } };
  const batch = await em.find(Session, open, { fields: ["id"], limit: batchSize, orderBy: { id: "asc" }, disableIdentityMap: true });
  return { id: { $in: batch.map(({ id }) => id) } };
}

/**
 * Prolongs a session by its whole lifespan from now, if it is near enough to its end; otherwise it stays as it is.
 * Undefined where there is none in force.
 */
export async function extendSession(ctx: Context, id: string): Promise<SessionRow | undefined> {
  const row = await sessionById(ctx.db, id);
  if (!row) return undefined;
  const now = ctx.now();
  const { lifespan, earliest_possible_extend: window } = ctx.config.session;
  const expiresAt = new Date(now.getTime() + lifespan);
  // Of many who ask at once, one extends: the condition decides. The others find it extended.
  const due = window !== undefined && window > 0 ? { expiresAt: { $lt: new Date(now.getTime() + window) } } : {};
  const extended = await ctx.em.nativeUpdate(Session, { id, ...due }, { expiresAt, updatedAt: now });
  return extended > 0 ? { ...row, expiresAt, updatedAt: now } : sessionById(ctx.db, id);
}
