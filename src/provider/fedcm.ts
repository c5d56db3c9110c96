import { createHmac } from "node:crypto";
import type { Context } from "../context.ts";
import { keyFor } from "../crypto/keys.ts";
import { constantTimeEqual } from "../crypto/token.ts";
import { configuredProviders } from "./find-provider.ts";
import type { ProviderConfig } from "./provider.ts";

/** For how long a browser may take to ask its person. */
const lifespanMs = 3_600_000;
const purpose = "nonce of FedCM";

/** The providers that browsers may ask by FedCM. Those of an organization are for its own forms. */
export async function fedcmProviders(ctx: Context): Promise<readonly ProviderConfig[]> {
  const all = await configuredProviders(ctx);
  return all.filter(({ fedcm_config_url: at, organization_id: organization }) => at && !organization);
}

/**
 * A nonce for a browser, which its anti-CSRF token stands for, to ask a provider with: it says when it was made, and that
 * this server has made it for the two. So a token that another browser has got is of no use, and nothing is stored.
 */
export const fedcmNonce = (ctx: Context, provider: Pick<ProviderConfig, "id">, browser: string): string => {
  const madeAt = ctx.now().getTime().toString(36);
  return `${madeAt}.${macOf(ctx.config.secrets.cookie[0]!, { madeAt, id: provider.id, browser })}`;
};

const macOf = (secret: string, { madeAt, id, browser }: { madeAt: string; id: string; browser: string }): string =>
  createHmac("sha256", keyFor(purpose, secret))
    .update(JSON.stringify([madeAt, id, browser]))
    .digest("base64url");

/** Whether a browser was given this nonce to ask a provider with, not long ago. */
export function isFedcmNonce(
  ctx: Context,
  { id }: Pick<ProviderConfig, "id">,
  { nonce, browser }: { readonly nonce: string; readonly browser: string },
): boolean {
  const [, madeAt, mac] = /^([0-9a-z]{1,11})\.([\w-]{43})$/.exec(nonce) ?? [];
  if (madeAt === undefined || mac === undefined) return false;
  const age = ctx.now().getTime() - Number.parseInt(madeAt, 36);
  if (age < 0 || age > lifespanMs) return false;
  return ctx.config.secrets.cookie.some((secret) => constantTimeEqual(macOf(secret, { madeAt, id, browser }), mac));
}
