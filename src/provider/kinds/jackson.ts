import { openidProviders } from "../openid.ts";
import type { ProviderConfig } from "../provider.ts";

const token = "/api/oauth/token";

/** A bridge to SAML, which publishes its keys beside its own pages. */
export const create = openidProviders({
  known: ({ token_url: url = "", issuer_url: issuer = "" }: ProviderConfig) => {
    const base = url.endsWith(token) ? url.slice(0, -token.length) : issuer.replace(/\/$/, "");
    return {
      authorization_endpoint: `${base}/api/oauth/authorize`,
      token_endpoint: `${base}${token}`,
      userinfo_endpoint: `${base}/api/oauth/userinfo`,
      jwks_uri: `${base}/oauth/jwks`,
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["client_secret_post"],
    };
  },
});
