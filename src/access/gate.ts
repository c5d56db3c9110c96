import type { Config } from "../config/config.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Principal } from "../principal.ts";
import type { Asking, Demand, Gate } from "../server/access-demand.ts";
import { defaultTenant } from "../tenant.ts";
import { findAdministrator } from "./administrators.ts";
import { credentialRequired, scopeRequired } from "./refusals.ts";
import { certified } from "./certificates.ts";
import { principalOfKey, type KeyParts } from "./key-principal.ts";
import { holds } from "./scopes.ts";
import { principalOfConsole } from "./console-principal.ts";

/** What the gate of the admin port is made of. */
export interface GateParts extends Omit<KeyParts, "config"> {
  readonly config: () => Config;
}

const bearer = /^bearer +(\S+)$/i;

/** Who may grant roles may do everything to other administrators as well. */
const grantScope = "administrators.write";

/**
 * The gate of the admin port: who calls by a key, a session of the console or a certificate, and whether that is enough. Where no
 * credential is asked for, whoever shows one is known by it all the same, and nobody is refused.
 */
export function adminGate(parts: GateParts): Gate {
  return {
    admit(demand, call) {
      const config = parts.config();
      const { required } = config.serve.admin.authentication;
      if (!required && !showsAny(call)) return undefined;
      return admit({ ...parts, config }, demand, call, required);
    },
    examine(demand, request, ctx) {
      const { principal } = ctx;
      if (!parts.config().serve.admin.authentication.required || demand.scope === undefined || !principal)
        return undefined;
      const missing = demand.scopesOf(request).find((scope) => !holds(principal.scopes, scope));
      if (missing !== undefined) throw scopeRequired(missing);
      const subject = holds(principal.scopes, grantScope) ? undefined : demand.subjectOf(request);
      if (subject === undefined) return undefined;
      return findAdministrator(ctx, subject).then((administrator) => {
        if (administrator) throw scopeRequired(grantScope, "The identity is an administrator.");
      });
    },
  };
}

const showsAny = ({ headers, certificate }: Asking): boolean =>
  headers.has("authorization") || headers.has("cookie") || certificate !== undefined;

async function admit(parts: KeyParts, demand: Demand, call: Asking, required: boolean): Promise<Principal | undefined> {
  const asks = required && demand.scope !== undefined;
  const principal = await identify(parts, demand, call, asks);
  if (!asks) return principal;
  if (!principal) throw credentialRequired(parts.config, call);
  if (!holds(principal.scopes, demand.scope!)) throw scopeRequired(demand.scope!);
  const ofTenant = principal.tenantId === call.tenant.id && !demand.wholeServer;
  if (!principal.allTenants && !ofTenant)
    throw scopeRequired(demand.scope!, "The credential is good for one tenant alone, and the call is not about it.");
  return principal;
}

/** Of several credentials, the one that the client names itself counts, then the browser's cookie, then the connection's. */
async function identify(
  parts: KeyParts,
  { changes }: Demand,
  call: Asking,
  asks: boolean,
): Promise<Principal | undefined> {
  const token = bearer.exec(call.headers.get("authorization") ?? "")?.[1];
  const key = token === undefined ? "none" : await principalOfKey(parts, call, token, asks);
  if (key !== "none") return key;
  const known = await principalOfConsole(parts, call, changes);
  if (known === "forged" && asks)
    throw problem(ErrorReason.SECURITY_CSRF_VIOLATION, {
      reason:
        "A call by the cookie of the console has to come from the console itself, with the header X-Ostiary-Console.",
    });
  if (known && known !== "forged") return known;
  return certified(parts.config, call.certificate, defaultTenant.id);
}
