import { channel } from "node:diagnostics_channel";
import { compile } from "./compile.ts";
import type { Connection, Database, TransactionOptions } from "./connection.ts";
import type { Reader } from "./reader.ts";
import { retryStatement, retryOnConflict } from "./retry.ts";
import { type Dialect, sqlFor } from "./statement.ts";
import { tracedStatement, tracedTransaction } from "./trace-statement.ts";
import type { Statements, Writer } from "./writer.ts";

/** Who listens here is told of everything that a database is asked: `{ database, sql, params }`. */
export const executedSql = channel("ostiary:database");

/** How a database is spoken to outside of any transaction: reads by the reader, each write on its own. */
export function createExecutor(
  database: () => Database,
  dialect: Dialect,
  reader: Reader,
  writer: Writer,
): Omit<Connection, "database"> {
  const tell = (sql: string, params: readonly unknown[]) =>
    void (executedSql.hasSubscribers && executedSql.publish({ database: database(), sql, params }));
  const read = <Row>(name: string | undefined, sql: string, params: readonly unknown[]) => {
    tell(sql, params);
    return tracedStatement(dialect, { name, sql }, () => reader.rows<Row>(name, sql, params));
  };
  const write = (name: string | undefined, sql: string, params: readonly unknown[]) => {
    tell(sql, params);
    return tracedStatement(dialect, { name, sql }, () => retryStatement(() => writer.alone(sql, params)));
  };
  return {
    dialect,
    read: (statement, params) => read(statement.name, sqlFor(dialect, statement), params),
    write: (statement, params) => write(statement.name, sqlFor(dialect, statement), params),
    find(query) {
      const { sql, params } = compile(dialect, query);
      return read(undefined, sql, params);
    },
    change(query) {
      const { sql, params } = compile(dialect, query);
      return write(undefined, sql, params);
    },
    transaction: (work, options) =>
      tracedTransaction(dialect, () => inTransaction({ database, writer, tell }, work, options)),
    beforeCommit: standsAlone,
    onceCommitted: (listener) => listener(),
    onceOver: standsAlone,
  };
}

/** What a transaction is run with. */
interface TransactionParts {
  database(): Database;
  readonly writer: Writer;
  readonly tell: Tell;
}

const inTransaction = <Result>(
  { database, writer, tell }: TransactionParts,
  work: (connection: Connection) => Promise<Result>,
  { isolationLevel }: TransactionOptions = {},
): Promise<Result> =>
  retryOnConflict("transaction", async () => {
    const endings: Endings = { before: [], after: [], over: [] };
    let committed = false;
    try {
      const result = await writer.transaction(async (statements) => {
        const done = await work(within(database(), statements, tell, endings));
        for (const ending of endings.before) await ending();
        return done;
      }, isolationLevel);
      committed = true;
      for (const listener of endings.after) listener();
      return result;
    } finally {
      await Promise.all(endings.over.map((ending) => ending(committed)));
    }
  });

function standsAlone(): never {
  throw new Error("What stands alone has no end to do more at.");
}

/** What is yet to be done: in a transaction, and after it. */
interface Endings {
  readonly before: (() => Promise<void>)[];
  readonly after: (() => void)[];
  readonly over: ((committed: boolean) => Promise<void>)[];
}

type Tell = (sql: string, params: readonly unknown[]) => void;

/** How it is spoken to within a transaction. A conflict has undone all of it: whoever began it begins again. */
function within(database: Database, statements: Statements, tell: Tell, endings: Endings): Connection {
  const { dialect } = database;
  const read = <Row>(name: string | undefined, sql: string, params: readonly unknown[]) => {
    tell(sql, params);
    return tracedStatement(dialect, { name, sql }, () => statements.rows<Row>(sql, params));
  };
  const write = (name: string | undefined, sql: string, params: readonly unknown[]) => {
    tell(sql, params);
    return tracedStatement(dialect, { name, sql }, () => statements.change(sql, params));
  };
  const connection: Connection = {
    dialect,
    database,
    read: (statement, params) => read(statement.name, sqlFor(dialect, statement), params),
    write: (statement, params) => write(statement.name, sqlFor(dialect, statement), params),
    find(query) {
      const { sql, params } = compile(dialect, query);
      return read(undefined, sql, params);
    },
    change(query) {
      const { sql, params } = compile(dialect, query);
      return write(undefined, sql, params);
    },
    transaction: (work) => work(connection),
    beforeCommit: (ending) => void endings.before.push(ending),
    onceCommitted: (listener) => void endings.after.push(listener),
    onceOver: (ending) => void endings.over.push(ending),
  };
  return connection;
}
