import Sqlite from "better-sqlite3";
import { known } from "./failure.ts";
import { type Reader, type Statement, sqlFor } from "./statement.ts";

/** Reads SQLite through a handle of its own: one that wrote would show what is not committed yet. */
export function sqliteReader(path: string): Reader {
  const handle = new Sqlite(path, { readonly: true, timeout: 5000 });
  const prepared = new Map<string, Sqlite.Statement>();

  function prepare(statement: Statement): Sqlite.Statement {
    let query = prepared.get(statement.name);
    if (!query) prepared.set(statement.name, (query = handle.prepare(sqlFor("sqlite", statement))));
    return query;
  }

  return {
    async read<Row>(statement: Statement, params: readonly unknown[]): Promise<Row[]> {
      try {
        return prepare(statement).all(...params.map(bindable)) as Row[];
      } catch (error) {
        throw known(error);
      }
    },
    async close() {
      handle.close();
    },
  };
}

function bindable(value: unknown): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof Date ? value.getTime() : value;
}
