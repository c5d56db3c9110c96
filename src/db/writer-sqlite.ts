import type Sqlite from "better-sqlite3";
import { type Group, groupCommit } from "./group-commit.ts";
import { sqliteValue } from "./reader-sqlite.ts";
import type { Statements, Writer } from "./writer.ts";

/** Writes to SQLite: each transaction is a savepoint in one of the file, which many share. */
export function sqliteWriter(handle: Sqlite.Database): Writer {
  const { inGroup, run, close } = groupCommit(handle);

  const change = (own: Group, sql: string, params: readonly unknown[]): number =>
    run(own, sql, (statement) =>
      statement.reader
        ? void statement.all(...params.map(sqliteValue))
        : statement.run(...params.map(sqliteValue)).changes,
    ) ?? 0;

  const statementsIn = (own: Group): Statements => ({
    rows: async <Row>(sql: string, params: readonly unknown[]) =>
      run(own, sql, (statement) => statement.all(...params.map(sqliteValue)) as Row[]),
    change: async (sql, params) => change(own, sql, params),
  });

  return {
    alone: (sql, params) => inGroup((own) => change(own, sql, params)),
    transaction: (work) =>
      inGroup(async (own) => {
        handle.prepare("savepoint work").run();
        try {
          const result = await work(statementsIn(own));
          if (own.failure !== undefined) throw own.failure;
          handle.prepare("release work").run();
          return result;
        } catch (error) {
          if (own.failure === undefined) {
            handle.prepare("rollback to work").run();
            handle.prepare("release work").run();
          }
          throw error;
        }
      }),
    async close() {
      close();
      handle.close();
    },
  };
}
