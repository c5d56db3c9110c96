import type { Context } from "../context.ts";
import type { Cause } from "../events/cause.ts";
import { defineMemory, isOptionalText, isRecord } from "../flow/memory.ts";
import type { PendingLogin } from "../flow/attempt.ts";
import { identityById } from "../identity/statements.ts";
import { isActive } from "../session/current.ts";
import { issueSession } from "../session/issue.ts";
import type { IssuedSession } from "../session/issue.ts";
import { sessionById } from "../session/statements.ts";
import type { SessionRow } from "../session/statements.ts";

/** The sign-in that goes on once a verification is complete. */
export const pendingLogin = defineMemory(
  "pending_login",
  (value): value is PendingLogin =>
    isRecord(value) && Array.isArray(value["methods"]) && isOptionalText(value["sessionId"]),
);

/** A session that an authorization server can be told of, and its token where it has only just begun. */
export interface OpenedSession {
  readonly session: SessionRow;
  readonly issued?: IssuedSession;
}

/** The session of a sign-in that was left waiting: the one that has begun by then, or one that begins now. Undefined where neither may be. */
export async function openSessionOf(
  ctx: Context,
  identityId: string,
  { methods, sessionId }: PendingLogin,
  cause: Cause,
): Promise<OpenedSession | undefined> {
  if (sessionId !== undefined) {
    const session = await sessionById(ctx, sessionId);
    return session && isActive(session, ctx.now()) ? { session } : undefined;
  }
  if (methods.length === 0 || (await identityById(ctx, identityId))?.state !== "active") return undefined;
  const issued = await ctx.tx((tx) => issueSession(tx, identityId, methods, cause));
  const session = await sessionById(ctx, issued.id);
  return session && { session, issued };
}
