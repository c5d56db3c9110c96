import { DatabaseUnavailable, isDeadlock } from "./failure.ts";
import { watchPool } from "./pool-use.ts";
import type { Statements, Writer } from "./writer.ts";

/** A connection that is taken out of a pool. */
export interface PooledConnection extends Statements {
  begin(isolationLevel?: "read committed"): Promise<void>;
  end(how: "commit" | "rollback"): Promise<void>;
  /** Gives it back. */
  release(): void;
}

const patienceMs = 10_000;

/** A pool of connections. */
export interface ConnectionPool {
  /** How many there may be. */
  readonly size: number;
  take(): Promise<PooledConnection>;
  close(): Promise<void>;
}

/** Writes over the pool of a database server: each transaction over a connection of its own. */
export function pooledWriter({ size, take, close }: ConnectionPool): Writer {
  const use = watchPool(size);

  async function withConnection<Result>(work: (connection: PooledConnection) => Promise<Result>): Promise<Result> {
    const connection = await use.acquire(() => inPatience(take()));
    try {
      return await work(connection);
    } finally {
      use.release();
      connection.release();
    }
  }
  return {
    alone: (sql, params) => withConnection((connection) => connection.change(sql, params)),
    transaction: (work, isolationLevel) =>
      withConnection(async (connection) => {
        await connection.begin(isolationLevel);
        const { statements, failure } = untilEnded(connection);
        try {
          const result = await work(statements);
          // Nothing of it is there any more, whatever was made of the error.
          if (failure() !== undefined) throw failure();
          await connection.end("commit");
          return result;
        } catch (error) {
          // Where that fails, the connection is of no more use, and the pool ends it.
          await connection.end("rollback").catch(() => undefined);
          throw error;
        }
      }),
    close() {
      use.close();
      return close();
    },
  };
}

/** Bounds the wait for a connection of a pool. What comes too late goes back to the pool. */
function inPatience(taking: Promise<PooledConnection>): Promise<PooledConnection> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new DatabaseUnavailable("No connection came free in time."));
    }, patienceMs);
    taking.then(
      (connection) => {
        clearTimeout(timer);
        if (late) connection.release();
        else resolve(connection);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error as Error);
      },
    );
  });
}

/** Runs nothing more once a deadlock has ended the transaction: it would be done outside of any. */
function untilEnded(connection: PooledConnection): { statements: Statements; failure: () => unknown } {
  let failure: unknown;
  async function watched<Result>(run: () => Promise<Result>): Promise<Result> {
    if (failure !== undefined) throw failure;
    try {
      return await run();
    } catch (error) {
      if (isDeadlock(error)) failure = error;
      throw error;
    }
  }
  return {
    statements: {
      rows: <Row>(sql: string, params: readonly unknown[]) => watched(() => connection.rows<Row>(sql, params)),
      change: (sql, params) => watched(() => connection.change(sql, params)),
    },
    failure: () => failure,
  };
}
