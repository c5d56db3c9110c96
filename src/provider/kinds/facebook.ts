import { createHmac } from "node:crypto";
import { openidParameters } from "../openid-parameters.ts";
import { asObject } from "../http.ts";
import { oauthProviders } from "../oauth.ts";

const fields = "id,name,first_name,last_name,middle_name,email,picture,birthday,gender";

/** Facebook. */
export const create = oauthProviders({
  endpoints: () => ({
    authorize: "https://facebook.com/dialog/oauth",
    token: "https://graph.facebook.com/oauth/access_token",
  }),
  scope: (scope) => (scope.includes("openid") ? scope : [...scope, "openid"]),
  parameters: openidParameters,
  async claims({ ask, tokens, config }) {
    // Shows that the token is in the hands of whom it was given to.
    const proof = createHmac("sha256", config.client_secret ?? "")
      .update(tokens.access_token)
      .digest("hex");
    const address = `https://graph.facebook.com/me?fields=${fields}&appsecret_proof=${proof}`;
    const { id, name, first_name, last_name, middle_name, email, picture, birthday, gender } = await ask(address);
    return {
      iss: address,
      sub: id,
      name,
      given_name: first_name,
      family_name: last_name,
      middle_name,
      nickname: name,
      preferred_username: name,
      picture: asObject(asObject(picture ?? {}, "Facebook")["data"] ?? {}, "Facebook")["url"],
      email,
      email_verified: typeof email === "string" && email !== "",
      gender,
      birthdate: birthday,
    };
  },
});
