import { below } from "../below.ts";
import { oauthProviders } from "../oauth.ts";
import { standardClaims } from "../openid-claims.ts";
import type { ProviderConfig } from "../provider.ts";
import { askedAnew } from "../asked-anew.ts";

const baseOf = ({ issuer_url: issuer }: ProviderConfig): string => issuer || "https://gitlab.com";

/** GitLab, its own site or one's own. */
export const create = oauthProviders({
  endpoints: (config) => ({
    authorize: below(baseOf(config), "oauth/authorize"),
    token: below(baseOf(config), "oauth/token"),
  }),
  parameters: askedAnew,
  knowsPkce: true,
  claims: async ({ ask, config }) =>
    standardClaims({ iss: baseOf(config), ...(await ask(below(baseOf(config), "oauth/userinfo"))) }),
});
