import type { Config } from "./config/config.ts";

/** Whose accounts a call is about. Nothing of one tenant is seen, found or changed in a call about another. */
export interface Tenant {
  readonly id: string;
}

/** A tenant that calls are about, with what is configured for it. */
export interface ServedTenant extends Tenant {
  /** The configuration in effect. Throws MISCONFIGURED where the tenant's settings do not fit the server's file any more. */
  config(): Config;
}

/**
 * The tenant that every database begins with. Its id is fixed ("ostiar" in a UUID of version 8, RFC 9562 5.8), so that a
 * server knows it before it has read anything.
 */
export const defaultTenant: Tenant = { id: "6f737469-6172-8000-8000-000000000000" };
