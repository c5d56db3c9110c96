const publicPaths = /^(\/admin)?\/(self-service|sessions\/whoami|schemas)(\/|$)/;
const adminPaths = /^(\/admin)?\/(identities|courier\/messages)(\/|$)/;
const recoveryPaths = /^(\/admin)?\/recovery\/(code|link)$/;

/** Where a request belongs that came to the admin port; undefined where it is right there. */
export const fromAdmin = (path: string): string | undefined =>
  publicPaths.test(path) ? path.replace(/^\/admin(?=\/)/, "") : undefined;

/**
 * Where a request belongs that came to the public port; undefined where it is right there. Recovery codes and links are
 * sent on only without the prefix, as Kratos does.
 */
export function fromPublic(path: string): string | undefined {
  if (adminPaths.test(path)) return path.startsWith("/admin/") ? path : `/admin${path}`;
  return recoveryPaths.test(path) && !path.startsWith("/admin/") ? `/admin${path}` : undefined;
}
