import type { OutboundContext } from "./http.ts";
import type { Provider, ProviderConfig } from "./provider.ts";
import { verifyIdToken } from "./verify-id-token.ts";
import type { IdTokenRules } from "./verify-id-token.ts";

/** The rules for tokens of a provider whose issuer and keys are known beforehand. */
export const nativeRules = {
  google: {
    // Both spellings are in use.
    issuers: ["https://accounts.google.com", "accounts.google.com"],
    keysAt: "https://www.googleapis.com/oauth2/v3/certs",
    worksWithoutNonce: () => true,
  },
  apple: {
    issuers: ["https://appleid.apple.com"],
    keysAt: "https://appleid.apple.com/auth/keys",
    worksWithoutNonce: ({ nonce_supported: supported }) => supported !== true && supported !== "true",
  },
} satisfies Partial<Record<ProviderConfig["provider"], IdTokenRules>>;

/** How a provider judges ID tokens that native clients have got by themselves, by rules that are known or that it tells. */
export const verifierBy =
  (
    config: ProviderConfig,
    rules: IdTokenRules | ((ctx: OutboundContext) => Promise<IdTokenRules>),
  ): NonNullable<Provider["verify"]> =>
  async (ctx, idToken, nonce) =>
    verifyIdToken(ctx, config, { idToken, nonce }, typeof rules === "function" ? await rules(ctx) : rules);
