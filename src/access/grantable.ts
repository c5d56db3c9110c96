import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { defaultTenant } from "../tenant.ts";
import type { NewApiKey } from "./api-keys.ts";
import { scopeRequired } from "./refusals.ts";
import { beyond, unknownScopes } from "./scopes.ts";

/** Refuses a key that could do what nobody can, or what its creator may not. */
export function assertGrantable(ctx: Context, wanted: Omit<NewApiKey, "name">, knownScopes: readonly string[]): void {
  const { scopes, allTenants, expiresAt } = wanted;
  const unknown = unknownScopes(scopes, knownScopes);
  if (unknown.length)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `There is no scope ${unknown.map((scope) => JSON.stringify(scope)).join(", ")}. There are ${knownScopes.join(", ")}, and * for either half of a scope or the whole.`,
    });
  if (expiresAt && expiresAt <= ctx.now())
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The key would have expired already." });
  if (allTenants && ctx.tenant.id !== defaultTenant.id)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "Only keys of the default tenant can be good for all tenants." });
  const { principal } = ctx;
  if (!principal || !ctx.config.serve.admin.authentication.required) return;
  const [lacking] = beyond(scopes, principal.scopes);
  if (lacking !== undefined) throw scopeRequired(lacking, "A key cannot do what its creator may not do.");
  if (allTenants && !principal.allTenants)
    throw scopeRequired(scopes[0]!, "A key cannot be good for tenants that its creator may not administer.");
}
