import type { ServeConfig } from "../config/serve-config.ts";
import { ErrorReason, Problem, problem, toProblem } from "../errors.ts";
import type { RequestHead } from "../server/http.ts";
import { hostNameOf } from "../server/public-address.ts";
import type { Directory, KnownTenant } from "../tenant/directory.ts";
import type { ServedTenant } from "../tenant.ts";

/** Tells whose accounts the requests of a port are about. */
export interface TenantsOfRequests {
  /** Finds it out; undefined where it is known already. */
  resolve(req: RequestHead): Promise<void> | undefined;
  /** What was found out: the default tenant where the request names none. */
  of(req: RequestHead): ServedTenant | Problem;
  /** The same, for those who answer for requests that are refused as well. */
  servedTo(req: RequestHead): ServedTenant;
}

const unknown = () => problem(ErrorReason.NOT_FOUND, { reason: "The tenant does not exist." });

/** By host on the public port (RFC 9110, 7.2), by the header `x-tenant`, an id or a slug, on the admin port. */
export function tenantsOfRequests(
  directory: Directory,
  port: "public" | "admin",
  serving: () => ServeConfig,
): TenantsOfRequests {
  // Of the default tenant nothing is noted: with one tenant, a request costs nothing.
  const found = new WeakMap<RequestHead, ServedTenant | Problem>();

  async function note(req: RequestHead, looking: Promise<KnownTenant | undefined>): Promise<void> {
    const tenant = await looking.catch(toProblem);
    found.set(req, tenant instanceof Problem ? tenant : usable(tenant, port));
  }

  function resolve(req: RequestHead): Promise<void> | undefined {
    if (port === "public") {
      if (directory.single) return undefined;
      const tenant = directory.byHost(hostNameOf(req, serving().trusted_proxies));
      if (tenant instanceof Promise) return note(req, tenant);
      if (tenant !== directory.default) found.set(req, usable(tenant, port));
      return undefined;
    }
    const name = req.headers["x-tenant"];
    return name === undefined ? undefined : note(req, directory.byName(String(name)));
  }

  const look = (req: RequestHead) => found.get(req) ?? directory.default;
  return {
    resolve,
    of(req) {
      const tenant = look(req);
      const { required } = serving().admin.authentication;
      return port === "admin" && required && tenant instanceof Problem ? unserved(tenant) : tenant;
    },
    servedTo(req) {
      const tenant = look(req);
      return tenant instanceof Problem ? directory.default : tenant;
    },
  };
}

/** Which tenants there are is told to nobody who has no credential: that is looked at first, and then it is said. */
const unserved = (problem: Problem): ServedTenant => ({
  id: "",
  config() {
    throw problem;
  },
});

/** An inactive tenant is there for its administrators alone. */
function usable(tenant: KnownTenant | undefined, port: "public" | "admin"): ServedTenant | Problem {
  if (!tenant || (port === "public" && !tenant.active)) return unknown();
  try {
    tenant.config();
    return tenant;
  } catch (error) {
    return toProblem(error);
  }
}
