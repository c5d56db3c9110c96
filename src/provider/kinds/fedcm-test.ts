import { jwtVerify } from "jose";
import { failureOf } from "../provider-step.ts";
import type { OutboundContext } from "../http.ts";
import { openidProviders } from "../openid.ts";
import { openidClaims } from "../openid-claims.ts";
import type { Provider, ProviderConfig, UpstreamAccount } from "../provider.ts";

const openid = openidProviders({});

/** A provider for trying FedCM without one: its key is known to all, so that it signs in nobody but developers. */
export const create = (config: ProviderConfig): Provider => ({ ...openid(config), verify, verifyFedcm: verify });

const key = new TextEncoder().encode("xxxxxxx");

async function verify(ctx: OutboundContext, token: string): Promise<UpstreamAccount> {
  if (!ctx.config.dev)
    throw failureOf("callback", undefined, {
      says: "Providers of the kind fedcm-test accept tokens that anyone can forge, so they work in development mode only.",
      status: 500,
    });
  const { payload } = await jwtVerify(token, key, { algorithms: ["HS256"], currentDate: new Date(0) }).catch(
    (cause: unknown) => {
      throw failureOf("id_token_verify", cause, { says: "The ID token is invalid.", status: 403 });
    },
  );
  return { claims: openidClaims({ ...payload, iss: "https://example.com/fedcm" }), tokens: {} };
}
