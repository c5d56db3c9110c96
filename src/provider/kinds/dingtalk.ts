import { inStep } from "../provider-step.ts";
import { asObject, fetchFor } from "../http.ts";
import type { OutboundContext } from "../http.ts";
import { oauthProviders } from "../oauth.ts";
import type { Parameters } from "../oauth.ts";
import type { ProviderConfig } from "../provider.ts";
import type { TokenAnswer } from "../token-endpoint.ts";

const token = "https://api.dingtalk.com/v1.0/oauth2/userAccessToken";
const me = "https://api.dingtalk.com/v1.0/contact/users/me";

/** DingTalk, which gives out tokens for JSON and by names of its own. */
export const create = oauthProviders({
  endpoints: () => ({ authorize: "https://login.dingtalk.com/oauth2/auth", token }),
  parameters: () => ({ prompt: "consent" }),
  exchange,
  async claims({ ask, tokens }) {
    const said = await ask(me, { "x-acs-dingtalk-access-token": tokens.access_token });
    // Errors come with 200.
    if (said["message"]) throw new Error(`DingTalk returned the error ${String(said["message"])}.`);
    const { nick, openId, avatarUrl, email } = said;
    return { iss: me, sub: openId, name: nick, nickname: nick, picture: avatarUrl, email };
  },
});

const ourNames = { code: "code", refresh_token: "refreshToken" } as const;

async function exchange(
  ctx: OutboundContext,
  { client_id: clientId, client_secret: clientSecret }: ProviderConfig,
  asked: Parameters,
): Promise<TokenAnswer> {
  return inStep("token_exchange", async () => {
    const given = Object.entries(ourNames).flatMap(([name, theirs]) =>
      asked[name] === undefined ? [] : [[theirs, asked[name]]],
    );
    const answer = await fetchFor(ctx)(token, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify({ clientId, clientSecret, grantType: asked.grant, ...Object.fromEntries(given) }),
    });
    const said = asObject(JSON.parse(await answer.text()), "DingTalk");
    const { accessToken, refreshToken, expireIn } = said;
    if (answer.status > 299 || typeof accessToken !== "string" || !accessToken)
      throw new Error(`DingTalk responded with status ${answer.status}: ${String(said["message"] ?? "no token")}`);
    return { access_token: accessToken, refresh_token: refreshToken, expires_in: expireIn };
  });
}
