import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import { sessionById } from "./statements.ts";
import type { SessionRow } from "./statements.ts";
import { endSession, endSessions, prolongSession, removeSessions } from "./write.ts";

/** How many sessions one call for all of them takes on. */
const batchSize = 5000;

/** Which sessions are to be ended or removed. */
export type SessionChoice =
  | { readonly kind: "sessions"; readonly ids: readonly string[] }
  | { readonly kind: "identities"; readonly ids: readonly string[] }
  | { readonly kind: "all" };

/** Ends a session, whoever it belongs to. False where there is none; ending it twice does no harm. */
export async function disableSession(ctx: Context, id: string): Promise<boolean> {
  const session = await sessionById(ctx, id);
  if (session)
    await endSession(ctx, { id: session.id, identityId: session.identity.id }, { reason: "admin.disable_session" });
  return session !== undefined;
}

/** Removes all sessions of an identity, and says how many there were. */
export const deleteSessionsOf = (ctx: Context, identityId: string): Promise<number> =>
  removeSessions(ctx, { kind: "identity", ids: [identityId] }, { reason: "admin.delete_sessions" });

const batches = {
  disable: statement(
    "sessions_to_disable",
    "select id from sessions where nid = ? and active = true order by id limit ?",
  ),
  delete: statement("sessions_to_delete", "select id from sessions where nid = ? order by id limit ?"),
};

/** Ends or removes many sessions. `more` says that the call should be repeated. */
export async function manageSessions(
  ctx: Context,
  action: "disable" | "delete",
  choice: SessionChoice,
): Promise<{ processed: number; more: boolean }> {
  const ids = choice.kind === "all" ? await nextBatch(ctx, action) : choice.ids;
  if (ids.length === 0) return { processed: 0, more: false };
  const write = action === "disable" ? endSessions : removeSessions;
  const processed = await write(ctx, { kind: choice.kind, ids }, { reason: "admin.manage_sessions" });
  return { processed, more: choice.kind === "all" && processed === batchSize };
}

async function nextBatch({ db, tenant }: Context, action: "disable" | "delete"): Promise<string[]> {
  const rows = await db.read<{ id: string }>(batches[action], [tenant.id, batchSize]);
  return rows.map(({ id }) => id);
}

/**
 * Prolongs a session by its whole lifespan from now, if it is near enough to its end; otherwise it stays as it is.
 * Undefined where there is none in force.
 */
export async function extendSession(ctx: Context, id: string): Promise<SessionRow | undefined> {
  const row = await sessionById(ctx, id);
  if (!row) return undefined;
  const now = ctx.now();
  const { lifespan, earliest_possible_extend: window } = ctx.config.session;
  const expiresAt = new Date(now.getTime() + lifespan);
  const due = window !== undefined && window > 0 ? new Date(now.getTime() + window) : undefined;
  const extended = await prolongSession(ctx, row, { expiresAt, due }, { reason: "admin.extend_session" });
  // The others find it extended.
  return extended ? { ...row, expiresAt, updatedAt: now } : sessionById(ctx, id);
}
