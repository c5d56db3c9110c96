import type { Grant, KoaContextWithOIDC } from "oidc-provider";
import type { Keeper } from "./keeper.ts";
import { latestGrant } from "./object-store.ts";

/**
 * What somebody has allowed a client: just now, or the last time that they were asked, in whichever session. A client whose
 * consent is skipped is allowed what it asks for.
 */
export async function existingGrant(keeper: Keeper, ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { account, client, provider, result } = ctx.oidc;
  const { accountId } = account!;
  const { clientId } = client!;
  const id = result?.consent?.grantId ?? (await latestGrant(keeper, accountId, clientId));
  const known = id === undefined ? undefined : await provider.Grant.find(id);
  if (client!["skip_consent"] !== true) return known;
  const grant = known ?? new provider.Grant({ accountId, clientId });
  const asked = [...ctx.oidc.requestParamOIDCScopes].join(" ");
  grant.addOIDCScope(asked);
  grant.addOIDCClaims([...ctx.oidc.requestParamClaims]);
  for (const [resource, { scopes }] of Object.entries(ctx.oidc.resourceServers ?? {}))
    grant.addResourceScope(resource, [...ctx.oidc.requestParamScopes].filter((scope) => scopes.has(scope)).join(" "));
  await grant.save();
  return grant;
}
