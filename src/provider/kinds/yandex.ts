import { oauthProviders } from "../oauth.ts";

const info = "https://login.yandex.ru/info";

/** Yandex. */
export const create = oauthProviders({
  endpoints: () => ({ authorize: "https://oauth.yandex.com/authorize", token: "https://oauth.yandex.com/token" }),
  knowsPkce: true,
  async claims({ ask, tokens }) {
    const query = new URLSearchParams({ format: "json", oauth_token: tokens.access_token });
    const user = await ask(`${info}?${query.toString()}`, {});
    const { default_avatar_id: avatar, is_avatar_empty: none } = user;
    return {
      iss: info,
      sub: user["id"],
      given_name: user["first_name"],
      family_name: user["last_name"],
      email: user["default_email"],
      gender: user["sex"],
      birthdate: user["birthday"],
      ...(typeof avatar === "string" &&
        avatar &&
        none !== true && { picture: `https://avatars.yandex.net/get-yapic/${avatar}/islands-200` }),
    };
  },
});
