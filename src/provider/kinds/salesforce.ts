import { askedAnew } from "../asked-anew.ts";
import { below } from "../below.ts";
import { oauthProviders } from "../oauth.ts";
import { standardClaims } from "../openid-claims.ts";

const path = "services/oauth2";

/** Salesforce. */
export const create = oauthProviders({
  endpoints: ({ issuer_url: base }) => ({
    authorize: below(base, `${path}/authorize`),
    token: below(base, `${path}/token`),
  }),
  parameters: askedAnew,
  knowsPkce: true,
  claims: async ({ ask, config: { issuer_url: base } }) =>
    standardClaims({ iss: base, ...(await ask(below(base, `${path}/userinfo`))) }),
});
