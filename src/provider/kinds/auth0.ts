import { openidParameters } from "../openid-parameters.ts";
import { endpointUrl } from "../endpoint-url.ts";
import { oauthProviders } from "../oauth.ts";
import { standardClaims } from "../openid-claims.ts";

/** Auth0. */
export const create = oauthProviders({
  endpoints: ({ issuer_url: base }) => ({
    authorize: endpointUrl(base, "authorize"),
    token: endpointUrl(base, "oauth/token"),
  }),
  parameters: openidParameters,
  knowsPkce: true,
  claims: async ({ ask, config: { issuer_url: base } }) =>
    standardClaims({ iss: base, ...(await ask(endpointUrl(base, "userinfo"))) }),
});
