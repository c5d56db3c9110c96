import { setImmediate } from "node:timers/promises";
import type { Connection, Database } from "../db/connection.ts";
import { type Statement, statement } from "../db/statement.ts";
import type { Log } from "../log.ts";
import { directoryOf } from "./directory.ts";
import { tenantsInDeletion } from "./statements.ts";
import { endDeletion } from "./write.ts";

const batch = 500;
const underWay = new WeakMap<Database, Map<string, Promise<void>>>();

/**
 * Removes what belongs to a tenant, in batches so that nobody who writes waits for long, and then the tenant itself. However
 * often it is asked for, a server does it once; what a server left unfinished, the next one goes on with.
 */
export function purgeTenant(db: Database, id: string, log: Log): Promise<void> {
  let running = underWay.get(db);
  if (!running) underWay.set(db, (running = new Map()));
  let work = running.get(id);
  if (!work) {
    work = purge(db, id)
      .catch((error: unknown) => log.error("a tenant could not be deleted whole, and is tried again at the next start or call", { tenant: id, error }))
      .finally(() => running.delete(id));
    running.set(id, work);
  }
  return work;
}

/** Goes on with the deletions that a server before this one has begun. */
export async function resumeDeletions(db: Database, log: Log): Promise<void> {
  for (const id of await tenantsInDeletion(db)) void purgeTenant(db, id, log);
}

async function purge(db: Database, id: string): Promise<void> {
  const { leaving, refresh } = directoryOf(db);
  for (const table of tablesOfTenants(db))
    for (let deleted = batch; deleted === batch; await setImmediate()) {
      if (leaving.aborted) return;
      deleted = await db.write(batchOf(db, table), db.dialect === "mysql" ? [id, batch] : [id, id, batch]);
    }
  await endDeletion(db, id);
  await refresh();
}

/** What hangs on other rows goes before them, so that no batch is larger than it looks. */
function tablesOfTenants({ orm }: Database): readonly string[] {
  const all = Object.values(orm.getMetadata().getAll());
  return all.filter(({ properties }) => "nid" in properties).map(({ tableName }) => tableName).toReversed();
}

/** Rows go by their whole key, whose first column is the tenant. */
function batchOf({ dialect }: Connection, table: string): Statement {
  const sql =
    dialect === "mysql"
      ? `delete from ${table} where nid = ? limit ?`
      : `delete from ${table} where nid = ? and id in (select id from ${table} where nid = ? limit ?)`;
  return statement(`purge_${table}`, sql);
}
