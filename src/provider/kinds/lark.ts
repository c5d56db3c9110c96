import { oauthProviders } from "../oauth.ts";

const base = "https://passport.feishu.cn/suite/passport/oauth";

/** Lark, or Feishu. */
export const create = oauthProviders({
  endpoints: () => ({ authorize: `${base}/authorize`, token: `${base}/token` }),
  async claims({ ask }) {
    const { open_id, name, avatar_url, email, mobile } = await ask(`${base}/userinfo`);
    return {
      iss: `${base}/userinfo`,
      sub: open_id,
      name,
      nickname: name,
      picture: avatar_url,
      email,
      phone_number: mobile,
    };
  },
});
