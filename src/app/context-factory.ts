import { configFor } from "../config/own-address.ts";
import { type Call, type Context, inTransaction } from "../context.ts";
import type { Database } from "../db/connection.ts";
import type { Strategies } from "../flow/strategy.ts";
import { type Log, withFields } from "../log.ts";
import type { Principal } from "../principal.ts";
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
  /** What is the same for all. */
  const shared = {
    db,
    now: options.now ?? (() => new Date()),
    // Node loads what it calls with when it is first asked for it.
    get fetch() {
      return options.fetch ?? globalThis.fetch;
    },
    ...(options.rewriteUrl && { rewriteUrl: options.rewriteUrl }),
    tx: inTransaction,
  };
  return (call: Call, port: "public" | "admin", principal?: Principal): Context => {
    const { tenant } = call;
    const config = tenant.config();
    return {
      __proto__: shared,
      tenant,
      // Links that an administrator has made are for others.
      config: port === "public" ? configFor(config, call) : config,
      log: tenant.id === defaultTenant.id ? log : withFields(log, { tenant: tenant.id }),
      call,
      port,
      principal,
    } as unknown as Context;
  };
}
