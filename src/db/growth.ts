import type { Connection } from "./connection.ts";
import { statement } from "./statement.ts";

const underWay = new WeakSet<object>();

/**
 * Has the database look at tables anew that have become more than twice as large since it last did: PostgreSQL keeps to the plans that it has made for
 * an empty table, and looks up what keys refer to by reading through all rows of a tenant, until it has counted them. By itself it does so once a minute, in which an
 * import makes a hundred thousand.
 */
export async function noticeGrowth(db: Connection, tables: readonly string[]): Promise<void> {
  const { native } = db.database;
  // CockroachDB counts by itself.
  if (native.dialect !== "postgresql" || native.cockroach || underWay.has(db.database)) return;
  underWay.add(db.database);
  try {
    for (const { name } of await db.read<{ name: string }>(grown(tables), [])) await db.write(look(name), []);
  } catch {
    // What was written is written: this makes what follows faster, and nothing else.
  } finally {
    underWay.delete(db.database);
  }
}

// A few pages are read through as fast as an index.
const fewPages = 8;

const grown = (tables: readonly string[]) =>
  statement(`grown_${tables.join("_")}`.slice(0, 60), {
    sqlite: "",
    mysql: "",
    postgresql: `select relname as name from pg_class where oid in (${tables.map((table) => `'${table}'::regclass`).join(", ")}) and pg_relation_size(oid) / current_setting('block_size')::int > 2 * relpages + ${fewPages}`,
  });

// Who may not do so is told by a notice, and goes on.
const look = (table: string) =>
  statement(`look_at_${table}`, { sqlite: "", mysql: "", postgresql: `analyze (skip_locked) ${table}` });
