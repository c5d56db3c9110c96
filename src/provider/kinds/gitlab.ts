import { endpointUrl } from "../endpoint-url.ts";
import { oauthProviders } from "../oauth.ts";
import { standardClaims } from "../openid-claims.ts";
import type { ProviderConfig } from "../provider.ts";
import { openidParameters } from "../openid-parameters.ts";

const baseOf = ({ issuer_url: issuer }: ProviderConfig): string => issuer || "https://gitlab.com";

/** GitLab, its own site or one's own. */
export const create = oauthProviders({
  endpoints: (config) => ({
    authorize: endpointUrl(baseOf(config), "oauth/authorize"),
    token: endpointUrl(baseOf(config), "oauth/token"),
  }),
  parameters: openidParameters,
  knowsPkce: true,
  claims: async ({ ask, config }) =>
    standardClaims({ iss: baseOf(config), ...(await ask(endpointUrl(baseOf(config), "oauth/userinfo"))) }),
});
