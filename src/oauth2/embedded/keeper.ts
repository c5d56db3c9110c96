import type { Context } from "../../context.ts";
import type { Database } from "../../db/connection.ts";

/** What the provider of a tenant works with, whoever calls. */
export interface Keeper extends Pick<Context, "tenant" | "config" | "log" | "now"> {
  readonly db: Database;
}

/** What is kept of a call beyond its end: of the configuration, what the tenant's is whatever address was called. */
export const keeperOf = ({ db, tenant: { id }, call, log, now }: Context): Keeper => ({
  db: db.database,
  tenant: { id },
  config: call.tenant.config(),
  log,
  now,
});
