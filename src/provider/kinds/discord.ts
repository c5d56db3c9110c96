import { oauthProviders } from "../oauth.ts";

const api = "https://discord.com/api/v9";
const pictures = "https://cdn.discordapp.com";

/** Discord. */
export const create = oauthProviders({
  endpoints: () => ({ authorize: `${api}/oauth2/authorize`, token: `${api}/oauth2/token` }),
  parameters: ({ refresh }) => ({ prompt: refresh ? "consent" : "none" }),
  grantedBy: " ",
  async claims({ ask }) {
    const user = await ask(`${api}/users/@me`);
    const { id, username, discriminator, email, verified, locale } = user;
    return {
      iss: `${api}/oauth2/`,
      sub: id,
      name: `${String(username)}#${String(discriminator)}`,
      nickname: username,
      preferred_username: username,
      picture: pictureOf(user),
      email,
      email_verified: verified === true,
      locale,
    };
  },
});

/** Whoever has no picture of their own has one of Discord's, by a number that is made of their name or id. */
function pictureOf({ id, avatar, discriminator }: Readonly<Record<string, unknown>>): string {
  if (typeof avatar === "string" && avatar)
    return `${pictures}/avatars/${String(id)}/${avatar}.${avatar.startsWith("a_") ? "gif" : "png"}`;
  const number = discriminator === "0" ? (BigInt(String(id)) >> 22n) % 6n : BigInt(String(discriminator)) % 5n;
  return `${pictures}/embed/avatars/${number}.png`;
}
