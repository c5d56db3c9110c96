import type { Context } from "../context.ts";
import type { Statement } from "../db/statement.ts";
import { defaultTenant } from "../tenant.ts";
import { directoryOf } from "./directory.ts";

/**
 * Writes what every server keeps in memory, and counts the change by a statement about the row of the default tenant, which all of them look at once a second:
 * this one goes by it at once. That row is the lock by which such changes come one after the other.
 */
export async function countChange<T>(ctx: Context, count: Statement, write: (tx: Context) => Promise<T>): Promise<T> {
  const written = await ctx.tx(async (tx) => {
    await tx.db.write(count, [defaultTenant.id]);
    return write(tx);
  });
  await directoryOf(ctx.db.database).refresh();
  return written;
}
