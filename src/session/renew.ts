import type { Context } from "../context.ts";
import { sessionToken, sha256Hex } from "../crypto/token.ts";
import type { Cause } from "../events/cause.ts";
import { assuranceOf } from "./aal.ts";
import { assertOwn } from "./act.ts";
import { forbidKeeping, sessionTokenOf } from "./carrier.ts";
import type { SessionMethod } from "./entities.ts";
import type { IssuedSession } from "./issue.ts";
import { byOwner } from "./repository.ts";
import type { SessionRow } from "./statements.ts";
import { addDevice, renewSession } from "./write.ts";

/** Longer lists of methods lose what is said again further on. */
const mostMethods = 32;

/**
 * Takes into a session that its owner has confirmed it or added a second factor: it begins anew, under another token.
 * Native clients keep their token where the configuration says so. Throws SESSION_IMPERSONATED where somebody else acts in it.
 */
export async function confirmSession(
  ctx: Context,
  session: SessionRow,
  native: boolean,
  method: SessionMethod,
  cause: Cause,
): Promise<IssuedSession> {
  assertOwn(session);
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + ctx.config.session.lifespan);
  const token = native && !ctx.config.session.rotate_native_tokens ? sessionTokenOf(ctx)! : sessionToken();
  const methods = withMethod(session.methods, method);
  const changes = {
    tokenHash: sha256Hex(token),
    methods,
    aal: assuranceOf(methods),
    authenticatedAt: now,
    issuedAt: now,
    expiresAt,
  };
  await renewSession(ctx, session, "confirmed", changes, cause);
  await addDevice(ctx, session);
  forbidKeeping(ctx);
  return { id: session.id, token, expiresAt };
}

/**
 * Gives a session another token after its owner has changed the account, and takes in what they have proved by that. The
 * token of a native client stays, since the answer to a settings flow has no place for another.
 */
export async function rotateSession(
  ctx: Context,
  session: SessionRow,
  native: boolean,
  proved: SessionMethod | undefined,
  cause: Cause,
): Promise<IssuedSession> {
  const token = native ? sessionTokenOf(ctx)! : sessionToken();
  const methods = proved ? withMethod(session.methods, proved) : session.methods;
  const proof = proved && { methods, aal: assuranceOf(methods), authenticatedAt: ctx.now() };
  await renewSession(ctx, session, "rotated", { tokenHash: sha256Hex(token), ...proof }, cause);
  forbidKeeping(ctx);
  return { id: session.id, token, expiresAt: session.expiresAt };
}

/** Gives a session another token because its owner asks for it. Of those who ask at once with one token, one gets another. */
export async function replaceToken(ctx: Context, session: SessionRow): Promise<IssuedSession> {
  assertOwn(session);
  const token = sessionToken();
  const changes = { tokenHash: sha256Hex(token) };
  const asked = sha256Hex(sessionTokenOf(ctx)!);
  await renewSession(ctx, session, "rotated", changes, byOwner(session, "sessions.rotate"), asked);
  forbidKeeping(ctx);
  return { id: session.id, token, expiresAt: session.expiresAt };
}

function withMethod(methods: readonly SessionMethod[], method: SessionMethod): SessionMethod[] {
  const all = [...methods, method];
  if (all.length <= mostMethods) return all;
  const repeated = all.findIndex((one, index) =>
    all.some((other, at) => at > index && other.method === one.method && other.aal === one.aal),
  );
  return repeated < 0 ? all : all.toSpliced(repeated, 1);
}
