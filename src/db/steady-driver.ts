import type { CompiledQuery, DatabaseConnection, Dialect, Driver } from "kysely";

/** What a dialect's driver does in a way of its own. */
export interface Ways {
  /** Gets a connection, within a time that callers can wait. */
  acquire(driver: Driver): Promise<DatabaseConnection>;
  /** Whether a statement's failure has ended the transaction that it was in. */
  endedBy?(error: unknown): boolean;
}

/**
 * Lets each transaction give its connection back, however it ends. The query builder keeps the connection for good where a
 * BEGIN fails, or a ROLLBACK after a failed COMMIT, as it does when the database has already rolled back (a full disk) or
 * has gone away. So a failed BEGIN is told by the first statement instead, nothing runs in a transaction that has ended,
 * which would be done outside of any, and a ROLLBACK does not fail: a connection on which it did is closed by its pool.
 */
export function steady(dialect: Dialect, ways: Ways): Dialect {
  const createDriver = dialect.createDriver.bind(dialect);
  return Object.assign(dialect, { createDriver: () => steadyDriver(createDriver(), ways) });
}

interface State {
  open: boolean;
  /** Why the transaction cannot go on. */
  failure?: unknown;
}

function steadyDriver(driver: Driver, ways: Ways): Driver {
  const states = new WeakMap<DatabaseConnection, State>();

  const watch = (connection: DatabaseConnection): State => {
    const known = states.get(connection);
    if (known) return known;
    const state: State = { open: false };
    states.set(connection, state);
    const run = connection.executeQuery.bind(connection);
    connection.executeQuery = async <Row>(query: CompiledQuery, options?: Parameters<typeof run>[1]) => {
      if (state.failure !== undefined) throw state.failure;
      try {
        return await run<Row>(query, options);
      } catch (error) {
        if (state.open && ways.endedBy?.(error)) state.failure = error;
        throw error;
      }
    };
    return state;
  };

  return {
    init: (options) => driver.init(options),
    async acquireConnection() {
      const connection = await ways.acquire(driver);
      watch(connection);
      return connection;
    },
    async beginTransaction(connection, settings) {
      const state = watch(connection);
      state.open = true;
      try {
        await driver.beginTransaction(connection, settings);
      } catch (error) {
        state.failure = error;
      }
    },
    async commitTransaction(connection) {
      await driver.commitTransaction(connection);
      watch(connection).open = false;
    },
    async rollbackTransaction(connection) {
      const state = watch(connection);
      state.open = false;
      delete state.failure;
      await driver.rollbackTransaction(connection).catch(() => undefined);
    },
    savepoint: (...operands) => driver.savepoint!(...operands),
    rollbackToSavepoint: (...operands) => driver.rollbackToSavepoint!(...operands),
    releaseSavepoint: (...operands) => driver.releaseSavepoint!(...operands),
    releaseConnection: (connection) => driver.releaseConnection(connection),
    destroy: (options) => driver.destroy(options),
  };
}
