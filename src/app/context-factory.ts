import { configFor } from "../config/own-address.ts";
import { type Call, type Context, inTransaction } from "../context.ts";
import type { Database } from "../db/connection.ts";
import type { Strategies } from "../flow/strategy.ts";
import { type Log, withFields } from "../log.ts";
import { defaultTenant } from "../tenant.ts";

/** What a test sets and production leaves alone. */
export interface Overrides {
  readonly now?: () => Date;
  readonly fetch?: typeof globalThis.fetch;
  /** Which address is called in the place of another one. */
  readonly rewriteUrl?: (url: string) => string;
  /** The methods, in the place of those that are built. */
  readonly strategies?: Strategies;
}

/** What differs from call to call. The configuration stays the same from its first line to its last. */
export function contextFactory(log: Log, db: Database, options: Overrides) {
  const now = options.now ?? (() => new Date());
  return (call: Call, port: "public" | "admin"): Context => {
    const { tenant } = call;
    const config = tenant.config();
    return {
      tenant,
      db,
      // Links that an administrator has made are for others.
      config: port === "public" ? configFor(config, call) : config,
      log: tenant.id === defaultTenant.id ? log : withFields(log, { tenant: tenant.id }),
      now,
      fetch: options.fetch ?? globalThis.fetch,
      ...(options.rewriteUrl && { rewriteUrl: options.rewriteUrl }),
      call,
      port,
      tx: inTransaction,
    };
  };
}
