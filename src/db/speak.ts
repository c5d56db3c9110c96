import { channel } from "node:diagnostics_channel";
import { CompiledQuery, type Kysely } from "kysely";
import { compile } from "./compile.ts";
import type { Connection, Database } from "./connection.ts";
import type { Reader } from "./reader.ts";
import { standingAlone, untilDone } from "./retry.ts";
import { type Dialect, inOneColumn, sqlFor } from "./statement.ts";

/** Who listens here is told of everything that a database is asked: `{ database, sql, params }`. */
export const spoken = channel("ostiary:database");

/** How a database is spoken to outside of any transaction: reads by the reader, each write on its own. */
export function speakTo(database: () => Database, dialect: Dialect, kysely: Kysely<unknown>, reader: Reader): Omit<Connection, "database"> {
  const tell = (sql: string, params: readonly unknown[]) => void (spoken.hasSubscribers && spoken.publish({ database: database(), sql, params }));
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
        const listeners: (() => void)[] = [];
        const result = await begun.execute((transaction) => work(within(database(), transaction, tell, listeners)));
        for (const listener of listeners) listener();
        return result;
      });
    },
    onceCommitted: (listener) => listener(),
  };
}

type Tell = (sql: string, params: readonly unknown[]) => void;

/** How it is spoken to within a transaction. A conflict has undone all of it: whoever began it begins again. */
function within(database: Database, transaction: Kysely<unknown>, tell: Tell, listeners: (() => void)[]): Connection {
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
    onceCommitted: (listener) => void listeners.push(listener),
  };
  return connection;
}

async function found<Row>(dialect: Dialect, executor: Kysely<unknown>, sql: string, params: readonly unknown[]): Promise<Row[]> {
  const values = params.map((value) => bindable(dialect, value));
  if (dialect !== "postgresql") return (await executor.executeQuery<Row>(CompiledQuery.raw(sql, values))).rows;
  const { rows } = await executor.executeQuery<{ row: string }>(CompiledQuery.raw(inOneColumn(sql), values));
  return rows.map(({ row }) => JSON.parse(row) as Row);
}

async function changed(dialect: Dialect, executor: Kysely<unknown>, sql: string, params: readonly unknown[]): Promise<number> {
  const done = await executor.executeQuery(CompiledQuery.raw(sql, params.map((value) => bindable(dialect, value))));
  return Number(done.numAffectedRows ?? 0);
}

function bindable(dialect: Dialect, value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "boolean" && dialect !== "postgresql" ? Number(value) : value;
}
