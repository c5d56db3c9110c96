import type Sqlite from "better-sqlite3";
import { CompiledQuery } from "kysely";
import type { DatabaseConnection, Dialect } from "kysely";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable, isConflict } from "./failure.ts";
import { steady } from "./steady-driver.ts";
import { createMutex } from "./mutex.ts";

const patienceMs = 5_000;
const pauseMs = 10;

/**
 * Lets SQLite's one connection that writes be waited for in turn, for so long and no longer. Where another process holds the
 * file's lock, the wait is ours and not SQLite's, which would hold up the whole process; so each transaction takes the lock
 * as it begins, and no later statement of it can fail for that.
 */
export function oneWriter(dialect: Dialect, handle: () => Sqlite.Database): Dialect {
  const mutex = createMutex(patienceMs);
  const isOver = () => !handle().inTransaction;
  const createAdapter = dialect.createAdapter.bind(dialect);
  // The query builder's own queue waits for ever, and wakes all who wait whenever one is done.
  const manyMayAsk = {
    createAdapter: () => Object.defineProperty(createAdapter(), "supportsMultipleConnections", { value: true }),
  };
  return steady(Object.assign(dialect, manyMayAsk), {
    async acquire(driver) {
      await mutex.acquire();
      return driver.acquireConnection();
    },
    async release(driver, connection) {
      await driver.releaseConnection(connection);
      mutex.release();
    },
    begin: (connection) => unlocked(() => begin(connection, handle())),
    alone: unlocked,
    endedBy: isOver,
    isOver,
  });
}

const statements = { begin: CompiledQuery.raw("begin immediate"), rollback: CompiledQuery.raw("rollback") };

async function begin(connection: DatabaseConnection, { inTransaction }: Sqlite.Database): Promise<void> {
  // What an earlier rollback did not end must not become part of this.
  if (inTransaction) await connection.executeQuery(statements.rollback);
  await connection.executeQuery(statements.begin);
}

/** Runs a statement once no other process has the file locked. */
async function unlocked<Result>(run: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (Date.now() > deadline)
        throw new DatabaseUnavailable("Another process keeps the database locked.", { cause: error });
      await sleep(pauseMs);
    }
  }
}
