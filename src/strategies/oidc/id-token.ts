import type { Context } from "../../context.ts";
import { csrfTokenOf } from "../../flow/csrf.ts";
import { isFedcmNonce } from "../../provider/fedcm.ts";
import { ProviderFailure } from "../../provider/provider-failure.ts";
import type { Provider } from "../../provider/provider.ts";
import { loggingFailures } from "./authorization.ts";
import type { UpstreamLogin, StatePayload } from "./upstream-login.ts";

/** An ID token that a native client has got from a provider by itself, and the nonce that it has asked with. */
export interface SentToken {
  readonly idToken: string;
  readonly idTokenNonce?: string | undefined;
}

/** Takes in somebody who was at a provider in an app of its own, and has brought an ID token from there. */
export async function loginByIdToken(
  ctx: Context,
  provider: Provider,
  { idToken, idTokenNonce }: SentToken,
  statePayload: StatePayload,
): Promise<UpstreamLogin> {
  const verify =
    provider.verifyFedcm && isOfFedcm(ctx, provider, idTokenNonce) ? provider.verifyFedcm : provider.verify;
  const account = await loggingFailures(ctx, provider, async () => {
    if (!verify)
      throw new ProviderFailure(
        "id_token_verify",
        "verification_failed",
        `Providers of the kind ${provider.config.provider} do not support submitting ID tokens.`,
      );
    return verify(ctx, idToken, idTokenNonce);
  });
  return { ...statePayload, provider, account };
}

/** Whether this browser has asked for the token by FedCM: then the provider may have made one of another kind. */
function isOfFedcm(ctx: Context, { config }: Provider, nonce = ""): boolean {
  const browser = csrfTokenOf(ctx);
  return browser !== undefined && isFedcmNonce(ctx, config, { nonce, browser });
}
