import type { DatabaseConnection, Dialect, Driver } from "kysely";
import { DatabaseUnavailable, isDeadlock } from "./failure.ts";
import { steady } from "./steady-driver.ts";

const patienceMs = 10_000;

/** Bounds the wait for a connection of a pool. What comes too late goes back to the pool. */
export const pooled = (dialect: Dialect): Dialect => steady(dialect, { acquire, endedBy: isDeadlock });

function acquire(driver: Driver): Promise<DatabaseConnection> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new DatabaseUnavailable("No connection came free in time."));
    }, patienceMs);
    driver.acquireConnection().then(
      (connection) => {
        clearTimeout(timer);
        if (late) void driver.releaseConnection(connection);
        else resolve(connection);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error as Error);
      },
    );
  });
}
