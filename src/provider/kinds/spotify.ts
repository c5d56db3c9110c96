import { isObject } from "../http.ts";
import { oauthProviders } from "../oauth.ts";

const token = "https://accounts.spotify.com/api/token";

/** Spotify. */
export const create = oauthProviders({
  endpoints: () => ({ authorize: "https://accounts.spotify.com/authorize", token }),
  knowsPkce: true,
  secretIn: "header",
  grantedBy: " ",
  async claims({ ask }) {
    const {
      id,
      display_name: name,
      email,
      images,
      external_urls: links,
      birthdate,
    } = await ask("https://api.spotify.com/v1/me");
    const picture: unknown = Array.isArray(images) ? images[0] : undefined;
    return {
      iss: token,
      sub: id,
      name,
      nickname: name,
      email,
      picture: isObject(picture) ? picture["url"] : undefined,
      profile: isObject(links) ? links["spotify"] : undefined,
      birthdate,
    };
  },
});
