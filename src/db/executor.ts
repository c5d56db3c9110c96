import { channel } from "node:diagnostics_channel";
import { CompiledQuery, type Kysely } from "kysely";
import { compile } from "./compile.ts";
import type { Connection, Database } from "./connection.ts";
import type { Reader } from "./reader.ts";
import { standingAlone, untilDone } from "./retry.ts";
import { type Dialect, inOneColumn, sqlFor } from "./statement.ts";

/** Who listens here is told of everything that a database is asked: `{ database, sql, params }`. */
export const executedSql = channel("ostiary:database");

/** How a database is spoken to outside of any transaction: reads by the reader, each write on its own. */
export function createExecutor(
  database: () => Database,
  dialect: Dialect,
  kysely: Kysely<unknown>,
  reader: Reader,
): Omit<Connection, "database"> {
  const tell = (sql: string, params: readonly unknown[]) =>
    void (executedSql.hasSubscribers && executedSql.publish({ database: database(), sql, params }));
  const read = <Row>(name: string | undefined, sql: string, params: readonly unknown[]) => {
    tell(sql, params);
    return reader.rows<Row>(name, sql, params);
  };
  const write = (sql: string, params: readonly unknown[]) => {
    tell(sql, params);
    return standingAlone(() => changed(dialect, kysely, sql, params));
  };
  return {
    dialect,
    read: (statement, params) => read(statement.name, sqlFor(dialect, statement), params),
    write: (statement, params) => write(sqlFor(dialect, statement), params),
    find(query) {
      const { sql, params } = compile(dialect, query);
      return read(undefined, sql, params);
    },
    change(query) {
      const { sql, params } = compile(dialect, query);
      return write(sql, params);
    },
    transaction(work, { isolationLevel } = {}) {
      return untilDone("transaction", async () => {
        const begun = isolationLevel ? kysely.transaction().setIsolationLevel(isolationLevel) : kysely.transaction();
        const endings: Endings = { before: [], after: [] };
        const result = await begun.execute(async (transaction) => {
          const done = await work(within(database(), transaction, tell, endings));
          for (const ending of endings.before) await ending();
          return done;
        });
        for (const listener of endings.after) listener();
        return result;
      });
    },
    beforeCommit() {
      throw new Error("What stands alone has no end to do more at.");
    },
    onceCommitted: (listener) => listener(),
  };
}

/** What is yet to be done: in a transaction, and after it. */
interface Endings {
  readonly before: (() => Promise<void>)[];
  readonly after: (() => void)[];
}

type Tell = (sql: string, params: readonly unknown[]) => void;

/** How it is spoken to within a transaction. A conflict has undone all of it: whoever began it begins again. */
function within(database: Database, transaction: Kysely<unknown>, tell: Tell, endings: Endings): Connection {
  const { dialect } = database;
  const read = <Row>(sql: string, params: readonly unknown[]) => {
    tell(sql, params);
    return found<Row>(dialect, transaction, sql, params);
  };
  const write = (sql: string, params: readonly unknown[]) => {
    tell(sql, params);
    return changed(dialect, transaction, sql, params);
  };
  const connection: Connection = {
    dialect,
    database,
    read: (statement, params) => read(sqlFor(dialect, statement), params),
    write: (statement, params) => write(sqlFor(dialect, statement), params),
    find(query) {
      const { sql, params } = compile(dialect, query);
      return read(sql, params);
    },
    change(query) {
      const { sql, params } = compile(dialect, query);
      return write(sql, params);
    },
    transaction: (work) => work(connection),
    beforeCommit: (ending) => void endings.before.push(ending),
    onceCommitted: (listener) => void endings.after.push(listener),
  };
  return connection;
}

async function found<Row>(
  dialect: Dialect,
  executor: Kysely<unknown>,
  sql: string,
  params: readonly unknown[],
): Promise<Row[]> {
  const values = params.map((value) => bindable(dialect, value));
  if (dialect !== "postgresql") return (await executor.executeQuery<Row>(CompiledQuery.raw(sql, values))).rows;
  const { rows } = await executor.executeQuery<{ row: string }>(CompiledQuery.raw(inOneColumn(sql), values));
  return rows.map(({ row }) => JSON.parse(row) as Row);
}

async function changed(
  dialect: Dialect,
  executor: Kysely<unknown>,
  sql: string,
  params: readonly unknown[],
): Promise<number> {
  const done = await executor.executeQuery(
    CompiledQuery.raw(
      sql,
      params.map((value) => bindable(dialect, value)),
    ),
  );
  return Number(done.numAffectedRows ?? 0);
}

function bindable(dialect: Dialect, value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "boolean" && dialect !== "postgresql" ? Number(value) : value;
}
