import type { Context } from "../context.ts";
import type { SessionRow } from "../session/statements.ts";
import { requireAuthorizationServer } from "./login-challenge.ts";

/** Tells the authorization server who has signed in. Yields where their browser goes on. */
export function acceptLogin(
  ctx: Context,
  challenge: string,
  { id: sessionId, identity, methods, aal }: SessionRow,
): Promise<string> {
  const { session, oauth2_provider } = ctx.config;
  return requireAuthorizationServer(ctx).acceptLogin(ctx, challenge, {
    subject: identity.id,
    sessionId,
    remember: session.cookie.persistent,
    rememberForSeconds: Math.floor(session.lifespan / 1000),
    amr: methods.map(({ method }) => method),
    ...(oauth2_provider.send_acr && { acr: `aal${aal}` }),
  });
}
