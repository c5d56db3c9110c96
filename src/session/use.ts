import type { Context } from "../context.ts";
import { extendByUse } from "./auto-extend.ts";
import { noteSeen } from "./last-seen.ts";
import type { SessionRow } from "./statements.ts";

/** Does what the configuration wants of a session that is used, by default nothing, and returns it as it is then. */
export function noteUse(ctx: Context, session: SessionRow): SessionRow | Promise<SessionRow> {
  const { last_seen: lastSeen, auto_extend: autoExtend } = ctx.config.session;
  if (ctx.call.isPrefetch) return session;
  if (lastSeen.enabled) noteSeen(ctx, session);
  return autoExtend.enabled ? extendByUse(ctx, session) : session;
}
