import { inStep, failureOf, withinTimeLimit } from "../provider-step.ts";
import { asObject, fetchFor } from "../http.ts";
import type { Json, OutboundContext } from "../http.ts";
import { claimsOf } from "../oauth.ts";
import { signed } from "../oauth1.ts";
import type { Signing } from "../oauth1.ts";
import { ProviderFailure } from "../provider-failure.ts";
import type { AuthorizationRequest, Claims, Provider, ProviderConfig } from "../provider.ts";

const api = "https://api.twitter.com";

/** X, which speaks OAuth 1.0a (RFC 5849). */
export const create = (config: ProviderConfig): Provider => ({
  config,
  authorize: (ctx, request) => withinTimeLimit("callback", () => authorize(ctx, config, request)),
  async redeem(ctx, { denied, oauth_token: token = "", oauth_verifier: verifier = "" }, remembered) {
    if (denied !== undefined)
      throw new ProviderFailure("provider_denied", "access_denied", "Sign-in was cancelled at the provider.", {
        status: 400,
      });
    if (token !== remembered.requestToken)
      throw failureOf("state_validate", undefined, {
        says: "The response belongs to a different request.",
        status: 400,
      });
    const client = { ...clientOf(config), token, tokenSecret: remembered.requestTokenSecret ?? "" };
    return withinTimeLimit("token_exchange", async () => {
      const given = await inStep("token_exchange", () => tokensAt(ctx, "access_token", client, { verifier }));
      return { claims: await claimsAt(ctx, config, given), tokens: { access_token: given.token } };
    });
  },
});

const clientOf = ({ client_id: client, client_secret: clientSecret = "" }: ProviderConfig) => ({
  client,
  clientSecret,
});

async function authorize(ctx: OutboundContext, config: ProviderConfig, { state, redirectUri }: AuthorizationRequest) {
  const callback = new URL(redirectUri);
  callback.searchParams.set("state", state);
  // X has none of its own, and an answer without a code is taken for an error.
  callback.searchParams.set("code", "unused");
  const given = await inStep("callback", () =>
    tokensAt(ctx, "request_token", clientOf(config), { callback: callback.href }),
  );
  const url = new URL(`${api}/oauth/authenticate`);
  url.searchParams.set("oauth_token", given.token);
  return {
    url: url.href,
    remembered: { redirectUri, requestToken: given.token, requestTokenSecret: given.tokenSecret },
  };
}

type Holder = Required<Pick<Signing, "client" | "clientSecret" | "token" | "tokenSecret">>;

/** Gets a token for a person or a request (RFC 5849, sections 2.1 and 2.3). */
async function tokensAt(
  ctx: OutboundContext,
  name: "request_token" | "access_token",
  client: Omit<Signing, "method" | "url" | "now">,
  more: Pick<Signing, "callback" | "verifier">,
): Promise<Holder> {
  const answer = await call(ctx, { ...client, ...more, method: "POST", url: `${api}/oauth/${name}` });
  const said = new URLSearchParams(answer);
  const [token, tokenSecret] = [said.get("oauth_token"), said.get("oauth_token_secret")];
  if (!token || !tokenSecret) throw new Error("X returned no token.");
  return { client: client.client, clientSecret: client.clientSecret, token, tokenSecret };
}

/** Who somebody is at X. */
const claimsAt = (ctx: OutboundContext, { scope }: ProviderConfig, holder: Holder): Promise<Claims> =>
  inStep("claims_decode", async () => {
    const withAddress = scope.includes("email") ? "?include_email=true" : "";
    const url = `${api}/1.1/account/verify_credentials.json${withAddress}`;
    const user: Json = asObject(JSON.parse(await call(ctx, { ...holder, method: "GET", url })), "X");
    return claimsOf({
      iss: url,
      sub: user["id_str"],
      name: user["name"],
      picture: user["profile_image_url_https"],
      email: user["email"],
      preferred_username: user["screen_name"],
      website: user["url"],
    });
  });

async function call(ctx: OutboundContext, signing: Omit<Signing, "now">): Promise<string> {
  const { method, url } = signing;
  const headers = { authorization: signed({ ...signing, now: ctx.now() }) };
  const answer = await fetchFor(ctx)(url, { method, headers, body: undefined });
  if (answer.status !== 200) throw new Error(`X responded with status ${answer.status}.`);
  return answer.text();
}
