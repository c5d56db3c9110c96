import { inStep, failureOf, withinTimeLimit } from "../provider-step.ts";
import { fetchFor, asObject } from "../http.ts";
import type { OutboundContext } from "../http.ts";
import { openidProviders } from "../openid.ts";
import type { Provider, ProviderConfig } from "../provider.ts";

const broker = "https://broker.netid.de";

const openid = openidProviders({
  issuer: `${broker}/`,
  known: () => ({
    authorization_endpoint: `${broker}/authorize`,
    token_endpoint: `${broker}/token`,
    userinfo_endpoint: `${broker}/userinfo`,
  }),
  claimsFrom: "userinfo",
});

/** netID, by the browser and by FedCM. */
export function create(config: ProviderConfig): Provider {
  const provider = openid(config);
  return {
    ...provider,
    verifyFedcm: (ctx, token, nonce) =>
      withinTimeLimit("token_exchange", async () =>
        provider.verify!(ctx, await exchangeFedcm(ctx, config, token), nonce),
      ),
  };
}

/** Gets an ID token for what the browser got by FedCM. */
const exchangeFedcm = (ctx: OutboundContext, { net_id_token_origin_header: origin }: ProviderConfig, token: string) =>
  inStep("token_exchange", async () => {
    const answer = await fetchFor(ctx)(`${broker}/token`, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        ...(origin && { origin }),
      },
      body: new URLSearchParams({ grant_type: "netid_fedcm", fedcm_token: token }).toString(),
    });
    if (answer.status !== 200) throw new Error(`netID responded with status ${answer.status}.`);
    const { id_token: idToken } = asObject(JSON.parse(await answer.text()), "netID");
    if (typeof idToken !== "string") throw failureOf("token_exchange", new Error("netID returned no ID token."));
    return idToken;
  });
