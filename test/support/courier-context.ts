import type { Config } from "../../src/config/config.ts";
import { type Context, inTransaction } from "../../src/context.ts";
import type { Database } from "../../src/db/connection.ts";
import { defaultTenant } from "../../src/tenant.ts";
import { silentLog } from "./log.ts";

/** A request as far as the courier looks at it. */
export function courierContext(
  db: Database,
  config: Config,
  headers: Record<string, string> = {},
  now: () => Date = () => new Date(),
): Context {
  return {
    tenant: defaultTenant,
    db,
    config,
    log: silentLog,
    now,
    fetch: globalThis.fetch,
    call: {
      protocol: "rest",
      tenant: { ...defaultTenant, config: () => config },
      headers: new Headers(headers),
      url: "http://id.example.org/",
      address: "http://id.example.org/",
      peer: "127.0.0.1",
      method: "POST",
      isNavigation: false,
      isPrefetch: false,
      texts: [],
      reply: { headers: new Headers() },
    },
    tx: inTransaction,
  };
}
