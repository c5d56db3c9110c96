import { isObject } from "../http.ts";
import { oauthProviders } from "../oauth.ts";

const users = "https://api.vk.com/method/users.get";
const genders: Readonly<Record<number, string>> = { 1: "female", 2: "male" };

/** VK. The address stands beside the token alone. */
export const create = oauthProviders({
  endpoints: () => ({ authorize: "https://oauth.vk.com/authorize", token: "https://oauth.vk.com/access_token" }),
  async claims({ ask, tokens }) {
    const query = new URLSearchParams({
      fields: "photo_200,nickname,bdate,sex",
      access_token: tokens.access_token,
      v: "5.103",
    });
    const { response } = await ask(`${users}?${query.toString()}`, {});
    // Errors come with 200.
    const user: unknown = Array.isArray(response) ? response[0] : undefined;
    if (!isObject(user)) throw new Error("VK returned no user.");
    return {
      iss: users,
      sub: user["id"] === undefined ? "" : String(user["id"]),
      given_name: user["first_name"],
      family_name: user["last_name"],
      nickname: user["nickname"],
      picture: user["photo_200"],
      email: tokens["email"],
      gender: genders[Number(user["sex"])],
      birthdate: user["bdate"],
    };
  },
});
