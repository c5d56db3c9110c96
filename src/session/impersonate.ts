import type { Context } from "../context.ts";
import { sessionToken, sha256Hex } from "../crypto/token.ts";
import { uuidv7 } from "../db/id.ts";
import { availableAal } from "../identity/factors.ts";
import type { IdentityRow } from "../identity/rows.ts";
import { actorIn } from "./act.ts";
import type { SessionAct } from "./entities.ts";
import type { IssuedSession } from "./issue.ts";
import { openSession } from "./write.ts";

/**
 * Opens a session of an account in which somebody else acts. It is no sign-in of its person's, and has the assurance that the account can
 * give, since nobody but they could step it up.
 */
export async function impersonate(
  ctx: Context,
  identity: IdentityRow,
  act: SessionAct,
  lifespanMs: number,
): Promise<IssuedSession> {
  const now = ctx.now();
  const token = sessionToken();
  const id = uuidv7(now.getTime());
  const expiresAt = new Date(now.getTime() + lifespanMs);
  const aal = availableAal(ctx.config, identity);
  const methods = [{ method: "impersonation", aal: `aal${aal}`, completed_at: now.toISOString() }] as const;
  await openSession(
    ctx,
    { id, identityId: identity.id, tokenHash: sha256Hex(token), aal, methods: [...methods], expiresAt, act },
    { reason: "admin.impersonate", actor: actorIn({ id, identity, act }) },
  );
  return { id, token, expiresAt };
}
