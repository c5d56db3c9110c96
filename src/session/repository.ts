import type { Context } from "../context.ts";
import { change } from "../db/query.ts";
import { sessions } from "./entities.ts";

const ended = ({ now }: Context) => ({ active: false, updatedAt: now() });

/** Ends every session of an identity but one. The count takes in those that had ended before, as Kratos' does. */
export const revokeOtherSessions = (ctx: Context, identityId: string, current: string): Promise<number> =>
  change(ctx, sessions, ended(ctx), (query) => query.where("identityId", "=", identityId).where("id", "<>", current));

/** Ends every session of an identity. */
export async function revokeSessionsOf(ctx: Context, identityId: string): Promise<void> {
  await change(ctx, sessions, ended(ctx), (query) => query.where("identityId", "=", identityId).where("active", "=", true));
}

/** Ends one session of an identity. Says nothing of sessions that are not its own. */
export async function revokeSession(ctx: Context, identityId: string, id: string): Promise<void> {
  await change(ctx, sessions, ended(ctx), (query) => query.where("id", "=", id).where("identityId", "=", identityId).where("active", "=", true));
}

/** Ends the session of a token, and tells whether there ever was one. */
export const revokeByTokenHash = async (ctx: Context, tokenHash: string): Promise<boolean> =>
  (await change(ctx, sessions, ended(ctx), (query) => query.where("tokenHash", "=", tokenHash))) > 0;
