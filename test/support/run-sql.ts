import type { Database } from "../../src/db/connection.ts";

/** Runs a text as it is, beside all that a server asks: rows of a read, nothing of a write. */
export async function runSql<Row = Record<string, unknown>>(
  { native: { dialect, native } }: Database,
  sql: string,
): Promise<Row[]> {
  switch (dialect) {
    case "sqlite": {
      const statement = native.prepare(sql);
      if (statement.reader) return statement.all() as Row[];
      statement.run();
      return [];
    }
    case "postgresql":
      return (await native.query(sql)).rows as Row[];
    case "mysql": {
      const [rows] = await native.query(sql);
      return (Array.isArray(rows) ? rows : []) as Row[];
    }
  }
}
