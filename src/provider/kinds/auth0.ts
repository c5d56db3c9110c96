import { askedAnew } from "../asked-anew.ts";
import { below } from "../below.ts";
import { oauthProviders } from "../oauth.ts";
import { standardClaims } from "../openid-claims.ts";

/** Auth0. */
export const create = oauthProviders({
  endpoints: ({ issuer_url: base }) => ({ authorize: below(base, "authorize"), token: below(base, "oauth/token") }),
  parameters: askedAnew,
  knowsPkce: true,
  claims: async ({ ask, config: { issuer_url: base } }) =>
    standardClaims({ iss: base, ...(await ask(below(base, "userinfo"))) }),
});
