import { openidProviders } from "../openid.ts";

/** Sign in with LinkedIn using OpenID Connect. */
export const create = openidProviders({
  issuer: "https://www.linkedin.com/oauth",
  known: () => ({ token_endpoint_auth_methods_supported: ["client_secret_post"] }),
  claimsFrom: "userinfo",
  forgetsNonce: true,
});
