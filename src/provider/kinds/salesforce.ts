import { openidParameters } from "../openid-parameters.ts";
import { endpointUrl } from "../endpoint-url.ts";
import { oauthProviders } from "../oauth.ts";
import { standardClaims } from "../openid-claims.ts";

const path = "services/oauth2";

/** Salesforce. */
export const create = oauthProviders({
  endpoints: ({ issuer_url: base }) => ({
    authorize: endpointUrl(base, `${path}/authorize`),
    token: endpointUrl(base, `${path}/token`),
  }),
  parameters: openidParameters,
  knowsPkce: true,
  claims: async ({ ask, config: { issuer_url: base } }) =>
    standardClaims({ iss: base, ...(await ask(endpointUrl(base, `${path}/userinfo`))) }),
});
