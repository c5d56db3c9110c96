import { openidProviders } from "../openid.ts";

/** Sign in with LinkedIn using OpenID Connect. */
export const create = openidProviders({
  issuer: "https://www.linkedin.com/oauth",
  claimsFrom: "userinfo",
  forgetsNonce: true,
});
