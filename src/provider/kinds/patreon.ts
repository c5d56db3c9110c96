import { asObject } from "../http.ts";
import { oauthProviders } from "../oauth.ts";

const identity =
  "https://www.patreon.com/api/oauth2/v2/identity?fields%5Buser%5D=first_name,last_name,url,full_name,email,image_url";

/** Patreon. */
export const create = oauthProviders({
  endpoints: () => ({
    authorize: "https://www.patreon.com/oauth2/authorize",
    token: "https://www.patreon.com/api/oauth2/token",
  }),
  parameters: ({ refresh }) => ({ prompt: refresh ? "consent" : "none" }),
  async claims({ ask }) {
    const data = asObject((await ask(identity))["data"], "Patreon");
    const { full_name, first_name, last_name, email, image_url } = asObject(data["attributes"] ?? {}, "Patreon");
    return {
      iss: "https://www.patreon.com/",
      sub: data["id"],
      name: full_name,
      email,
      given_name: first_name,
      family_name: last_name,
      last_name,
      picture: image_url,
    };
  },
});
