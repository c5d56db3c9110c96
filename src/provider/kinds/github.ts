import { grantedOf, oauthProviders } from "../oauth.ts";
import type { Known } from "../oauth.ts";

const token = "https://github.com/login/oauth/access_token";

/** Where GitHub is. */
export const endpoints = () => ({ authorize: "https://github.com/login/oauth/authorize", token });

/** An OAuth app of GitHub. */
export const create = oauthProviders({
  endpoints,
  knowsPkce: true,
  grantedBy: ",",
  async claims(known) {
    const mayReadAddresses = grantedOf(known.tokens["scope"], ",").includes("user:email");
    return { ...(await personOf(known)), ...(mayReadAddresses && (await addressOf(known))) };
  },
});

/** Who somebody is at GitHub. */
export async function personOf({ ask }: Known) {
  const { id, name, login, blog, avatar_url, html_url, updated_at } = await ask("https://api.github.com/user");
  return {
    iss: token,
    sub: id === undefined ? "" : String(id),
    name,
    nickname: login,
    website: blog,
    picture: avatar_url,
    profile: html_url,
    ...(typeof updated_at === "string" && { updated_at: Math.floor(Date.parse(updated_at) / 1000) }),
  };
}

/** Somebody's address at GitHub, which their profile does not tell: the primary one, or else the last one. */
export async function addressOf({ askList }: Known, { orLast = false } = {}) {
  const all = await askList("https://api.github.com/user/emails");
  const found = all.find(({ primary }) => primary === true) ?? (orLast ? all.at(-1) : undefined);
  return found && { email: found["email"], email_verified: found["verified"] === true };
}
