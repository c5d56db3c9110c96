import { oauthProviders } from "../oauth.ts";
import type { ProviderConfig } from "../provider.ts";

const baseOf = ({ issuer_url: issuer }: ProviderConfig) => (issuer || "https://id.uaepass.ae").replace(/\/$/, "");

/** UAE PASS, the sign-in of the United Arab Emirates. */
export const create = oauthProviders({
  endpoints: (config) => ({
    authorize: `${baseOf(config)}/idshub/authorize`,
    token: `${baseOf(config)}/idshub/token`,
  }),
  parameters: () => ({ acr_values: "urn:safelayer:tws:policies:authentication:level:low" }),
  secretIn: "header",
  async claims({ ask, config }) {
    const said = await ask(`${baseOf(config)}/idshub/userinfo`);
    const { sub, email, fullnameEN, firstnameEN, lastnameEN } = said;
    return {
      iss: baseOf(config),
      sub,
      email,
      name: fullnameEN,
      given_name: firstnameEN,
      last_name: lastnameEN,
      raw_claims: said,
    };
  },
});
