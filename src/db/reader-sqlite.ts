import Sqlite from "better-sqlite3";
import { known } from "./failure.ts";
import type { Reader } from "./reader.ts";

/** Reads SQLite through a handle of its own: one that wrote would show what is not committed yet. */
export function sqliteReader(path: string): Reader {
  const handle = new Sqlite(path, { readonly: true, timeout: 5000 });
  const prepared = new Map<string, Sqlite.Statement>();

  function prepare(name: string | undefined, sql: string): Sqlite.Statement {
    if (name === undefined) return handle.prepare(sql);
    let query = prepared.get(name);
    if (!query) prepared.set(name, (query = handle.prepare(sql)));
    return query;
  }

  return {
    async rows<Row>(name: string | undefined, sql: string, params: readonly unknown[]): Promise<Row[]> {
      try {
        return prepare(name, sql).all(...params.map(sqliteValue)) as Row[];
      } catch (error) {
        throw known(error);
      }
    },
    async close() {
      handle.close();
    },
  };
}

/** A value as SQLite takes it. */
export function sqliteValue(value: unknown): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof Date ? value.getTime() : value;
}
