import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { forcesPkce } from "./pkce.ts";
import type { AuthorizationRequest, ProviderConfig, Remembered } from "./provider.ts";

/** What of an authorization request is peculiar to a kind of provider. */
export interface Asking {
  readonly endpoint: string;
  readonly scope: readonly string[];
  /** Whether the provider is known to take PKCE (RFC 7636). */
  readonly knowsPkce: boolean;
  readonly nonce?: string;
  /** Its own parameters; hints of clients go before. */
  readonly usual?: Readonly<Record<string, string>>;
  /** Those that nothing goes before. */
  readonly fixed?: Readonly<Record<string, string>>;
}

/** Where somebody is sent to sign in (RFC 6749, section 4.1.1), and what has to be remembered of it. */
export async function authorizationUrl(
  config: ProviderConfig,
  { state, redirectUri, upstreamParameters }: AuthorizationRequest,
  { endpoint, scope, knowsPkce, nonce, usual, fixed }: Asking,
): Promise<{ readonly url: string; readonly remembered: Remembered }> {
  const codeVerifier =
    forcesPkce(config) || (config.pkce === "auto" && knowsPkce) ? generateRandomCodeVerifier() : undefined;
  const url = new URL(endpoint);
  const parameters = {
    ...usual,
    ...upstreamParameters,
    ...fixed,
    client_id: config.client_id,
    redirect_uri: redirectUri,
    response_type: "code",
    ...(scope.length > 0 && { scope: scope.join(" ") }),
    state,
    ...(nonce && { nonce }),
    ...(codeVerifier && {
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: "S256",
    }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  url.searchParams.sort();
  return { url: url.href, remembered: { redirectUri, ...(nonce && { nonce }), ...(codeVerifier && { codeVerifier }) } };
}
