import type { Config } from "../config/config.ts";
import { isSealed, openSecret, sealSecret } from "../identity/credential-seal.ts";
import type { LinkedAccount } from "../identity/kinds/linked-account.ts";
import type { UpstreamTokens } from "./provider.ts";

type Kept = Pick<UpstreamTokens, "access_token" | "refresh_token" | "expires_at" | "scope">;

/** The tokens of an account that are worth keeping, as one sealed document; nothing where there are none. */
export function sealTokens(
  config: Config,
  { access_token, refresh_token, expires_at, scope }: UpstreamTokens,
): Pick<LinkedAccount, "tokens"> {
  if (!access_token && !refresh_token) return {};
  const kept: Kept = {
    ...(access_token && { access_token }),
    ...(refresh_token && { refresh_token }),
    ...(expires_at !== undefined && { expires_at }),
    ...(scope && { scope }),
  };
  return { tokens: sealSecret(config, "oidc", JSON.stringify(kept)) };
}

/** The newest tokens of an account; of one that Kratos has linked, those that it was linked with. */
export function openTokens(config: Config, account: LinkedAccount): UpstreamTokens {
  if (account.tokens) return JSON.parse(openSecret(config, "oidc", account.tokens)) as Kept;
  const [access, refresh] = [account.initial_access_token, account.initial_refresh_token].map(
    (token) => token && openSecret(config, "oidc", token),
  );
  return { ...(access && { access_token: access }), ...(refresh && { refresh_token: refresh }) };
}

/** The tokens that an account was linked with, sealed, by the names of Kratos. */
export function initialTokens(config: Config, { id_token, access_token, refresh_token }: UpstreamTokens) {
  // What is taken for sealed already would be kept as it came.
  const sealed = (token = "") => (token && !isSealed(token) ? sealSecret(config, "oidc", token) : "");
  return {
    initial_id_token: sealed(id_token),
    initial_access_token: sealed(access_token),
    initial_refresh_token: sealed(refresh_token),
  };
}

/** Tokens in the place of others. A refresh token lasts until there is another one (RFC 6749, 6): many come only once. */
export function newestTokens(before: UpstreamTokens, next: UpstreamTokens): UpstreamTokens {
  const refresh = next.refresh_token ?? before.refresh_token;
  return { ...(next.access_token ? next : before), ...(refresh && { refresh_token: refresh }) };
}
