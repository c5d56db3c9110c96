import type { ServeConfig } from "../config/serve-config.ts";

const publicPaths = /^(\/admin)?\/(self-service|sessions\/whoami|schemas)(\/|$)/;
const adminPaths = /^(\/admin)?\/(identities|courier\/messages)(\/|$)/;
const recoveryPaths = /^(\/admin)?\/recovery\/(code|link)$/;

/** The address on the other port, for a path that belongs there. */
export function otherPort(port: "public" | "admin", path: string, serve: ServeConfig): string | undefined {
  const elsewhere = port === "admin" ? fromAdmin(path) : fromPublic(path);
  const base = serve[port === "admin" ? "public" : "admin"].base_url;
  return elsewhere === undefined ? undefined : new URL(elsewhere.slice(1), base).href;
}

/** Where a request belongs that came to the admin port; undefined where it is right there. */
const fromAdmin = (path: string): string | undefined =>
  publicPaths.test(path) ? path.replace(/^\/admin(?=\/)/, "") : undefined;

/**
 * Where a request belongs that came to the public port; undefined where it is right there. Recovery codes and links are
 * sent on only without the prefix, as Kratos does.
 */
function fromPublic(path: string): string | undefined {
  if (adminPaths.test(path)) return path.startsWith("/admin/") ? path : `/admin${path}`;
  return recoveryPaths.test(path) && !path.startsWith("/admin/") ? `/admin${path}` : undefined;
}
