import type { Context } from "../context.ts";
import { uiLocation } from "../flow/replacement.ts";
import { inviteByCode, inviteByLink } from "../flows/recovery-invitation.ts";
import { secretUrl } from "../proof/send-secret.ts";
import { hasLastingSecret } from "../tenant/settings.ts";

/** By what somebody gets into an account once: a link, or an address and the code to enter there; nothing where recovery is off. */
export async function linkFor(ctx: Context, identityId: string): Promise<{ link?: string; code?: string }> {
  const { flows, methods } = ctx.config.selfservice;
  if (!flows.recovery.enabled || (!methods.link.enabled && !methods.code.enabled)) return {};
  if (!hasLastingSecret(ctx.config))
    throw new Error("the configuration has no secrets.default or secrets.cookie: the server would not know the link.");
  if (methods.link.enabled) {
    const lifespanMs = methods.link.config.lifespan;
    const { flow, secret } = await inviteByLink(ctx, { identityId, lifespanMs, type: "browser" });
    return { link: secretUrl(ctx, flow, "token", secret) };
  }
  const lifespanMs = methods.code.config.lifespan;
  const { flow, secret } = await inviteByCode(ctx, { identityId, lifespanMs, type: "browser" });
  return { link: uiLocation(ctx, "recovery", flow.id), code: secret };
}
