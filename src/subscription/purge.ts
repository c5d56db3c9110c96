import type { Reach } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { remove } from "../db/query.ts";
import { isOneOf } from "../db/row-keys.ts";
import { statement } from "../db/statement.ts";
import { subscriptions } from "./entities.ts";

const batch = 200;

const emptying = ["subscription_deliveries", "subscription_queues"].map((table) => ({
  look: statement(
    `purge_look_${table}`,
    `select id from ${table} where nid = ? and subscription_id = ? limit ${batch}`,
  ),
  remove: statement(
    `purge_subscription_${table}`,
    inEveryDialect((_, dialect) => `delete from ${table} where ${isOneOf(dialect, batch)}`),
  ),
}));

/** Deletes what hangs on a subscription that was ended, piece by piece so that nobody who writes waits for long, and then itself. */
export async function purgeSubscription({ db, tenant }: Reach, id: string, signal: AbortSignal): Promise<void> {
  for (const { look, remove: removal } of emptying)
    for (;;) {
      if (signal.aborted) return;
      const found = await db.read<{ id: string }>(look, [tenant.id, id]);
      if (found.length === 0) break;
      // One text for batches of any size: a row may stand in it twice.
      const rows = Array.from({ length: batch }, (_, at) => found[Math.min(at, found.length - 1)]!.id);
      await db.write(
        removal,
        rows.flatMap((row) => [row, tenant.id]),
      );
    }
  await remove({ db, tenant }, subscriptions, (query) => query.where("id", "=", id).where("state", "=", "deleted"));
}
