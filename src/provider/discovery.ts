import { allowInsecureRequests, customFetch, discoveryRequest, processDiscoveryResponse } from "oauth4webapi";
import type { AuthorizationServer } from "oauth4webapi";
import type { Context } from "../context.ts";
import { fetchFor } from "./http.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { ProviderConfig } from "./provider.ts";

const freshMs = 3_600_000;
const known = new WeakMap<ProviderConfig, { readonly until: number; readonly server: AuthorizationServer }>();

/** How calls to a provider are made: by the guarded client, which judges addresses; plain HTTP is for those on one's own machine. */
export const callsOf = (ctx: Context) => ({ [customFetch]: fetchFor(ctx), [allowInsecureRequests]: true });

/** What a provider says of itself (OpenID Connect Discovery 1.0), asked again each hour; endpoints of the configuration go before. */
export async function discover(
  ctx: Context,
  provider: ProviderConfig,
  issuer: string,
  { anew = false } = {},
): Promise<AuthorizationServer> {
  const kept = known.get(provider);
  if (kept && !anew && kept.until > ctx.now().getTime()) return kept.server;
  try {
    const expected = new URL(issuer);
    const answer = await discoveryRequest(expected, callsOf(ctx));
    const found = await processDiscoveryResponse(expected, answer);
    const { auth_url: authorize, token_url: token } = provider;
    const server = {
      ...found,
      ...(authorize && { authorization_endpoint: authorize }),
      ...(token && { token_endpoint: token }),
    };
    known.set(provider, { until: ctx.now().getTime() + freshMs, server });
    return server;
  } catch (cause) {
    throw new ProviderFailure(
      "callback",
      "callback_failed",
      `What the provider ${JSON.stringify(provider.id)} says of itself cannot be read.`,
      { cause },
    );
  }
}
