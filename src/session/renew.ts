import type { Context } from "../context.ts";
import { sessionToken, sha256Hex } from "../crypto/token.ts";
import { change } from "../db/query.ts";
import { ErrorReason, problem } from "../errors.ts";
import { assuranceOf } from "./aal.ts";
import { forbidKeeping, sessionTokenOf } from "./carrier.ts";
import { sessions } from "./entities.ts";
import type { RowOf } from "../db/table.ts";
import type { SessionMethod } from "./entities.ts";
import { addDevice } from "./issue.ts";
import type { IssuedSession } from "./issue.ts";
import type { SessionRow } from "./statements.ts";

/** Longer lists of methods lose what is said again further on. */
const mostMethods = 32;

/**
 * Takes into a session that its owner has confirmed it or added a second factor: it begins anew, under another token.
 * Native clients keep their token where the configuration says so.
 */
export async function confirmSession(ctx: Context, session: SessionRow, native: boolean, method: SessionMethod): Promise<IssuedSession> {
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + ctx.config.session.lifespan);
  const token = native && !ctx.config.session.rotate_native_tokens ? sessionTokenOf(ctx)! : sessionToken();
  const methods = withMethod(session.methods, method);
  await update(ctx, session.id, {
    tokenHash: sha256Hex(token),
    methods,
    aal: assuranceOf(methods),
    authenticatedAt: now,
    issuedAt: now,
    expiresAt,
    updatedAt: now,
  });
  await addDevice(ctx, session);
  forbidKeeping(ctx);
  return { id: session.id, token, expiresAt };
}

/**
 * Gives a session another token after its owner has changed the account, and takes in what they have proved by that. The
 * token of a native client stays, since the answer to a settings flow has no place for another.
 */
export async function rotateSession(ctx: Context, session: SessionRow, native: boolean, proved?: SessionMethod): Promise<IssuedSession> {
  const token = native ? sessionTokenOf(ctx)! : sessionToken();
  const methods = proved ? withMethod(session.methods, proved) : session.methods;
  await update(ctx, session.id, {
    tokenHash: sha256Hex(token),
    ...(proved && { methods, aal: assuranceOf(methods), authenticatedAt: ctx.now() }),
    updatedAt: ctx.now(),
  });
  forbidKeeping(ctx);
  return { id: session.id, token, expiresAt: session.expiresAt };
}

/** A session that was revoked while somebody was at it stays revoked. */
async function update(ctx: Context, id: string, changes: Partial<RowOf<typeof sessions>>): Promise<void> {
  const changed = await change(ctx, sessions, changes, (query) => query.where("id", "=", id).where("active", "=", true));
  if (changed === 0) throw problem(ErrorReason.SESSION_INACTIVE, { reason: "The session was ended meanwhile." });
}

function withMethod(methods: readonly SessionMethod[], method: SessionMethod): SessionMethod[] {
  const all = [...methods, method];
  if (all.length <= mostMethods) return all;
  const repeated = all.findIndex((one, index) => all.some((other, at) => at > index && other.method === one.method && other.aal === one.aal));
  return repeated < 0 ? all : all.toSpliced(repeated, 1);
}
