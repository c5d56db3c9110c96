import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import { provedBy } from "../../flow/verdict.ts";
import type { ProviderConfig, UpstreamAccount } from "../../provider/provider.ts";
import type { SessionMethod } from "../../session/entities.ts";
import { group } from "./upstream-login.ts";

/**
 * What a session rests on that a provider has vouched for. `acr` and `amr` (OpenID Connect Core 1.0, section 2) say how the
 * person has proved to the provider who they are; the operator says which of them stand for two factors.
 */
export function sessionMethodOf(
  ctx: Context,
  flow: Flow,
  provider: ProviderConfig,
  { claims }: UpstreamAccount,
): SessionMethod {
  const { acr, amr } = claims;
  const upstreamAcr = typeof acr === "string" && acr ? acr : undefined;
  const upstreamAmr = Array.isArray(amr) ? amr.filter((value) => typeof value === "string") : [];
  const twice =
    (upstreamAcr !== undefined && provider.aal2_acr_values.includes(upstreamAcr)) ||
    upstreamAmr.some((value) => provider.aal2_amr_values.includes(value));
  return provedBy(ctx, flow, group, {
    aal: twice ? "aal2" : "aal1",
    provider: provider.id,
    ...(provider.organization_id && { organization: provider.organization_id }),
    ...(upstreamAcr && { upstream_acr: upstreamAcr }),
    ...(upstreamAmr.length && { upstream_amr: upstreamAmr }),
  });
}
