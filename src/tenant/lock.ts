import type { Context } from "../context.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";

// SQLite's transactions have the whole file to themselves.
const lock = statement(
  "lock_tenant",
  inEveryDialect((_, dialect) => `select id from tenants where id = ?${dialect === "sqlite" ? "" : " for update"}`),
);

/** Has whoever locks the tenant as well wait until the transaction ends: what is counted or looked at in it stays as it is until then. */
export const lockTenant = async (tx: Context): Promise<void> => void (await tx.db.read(lock, [tx.tenant.id]));
