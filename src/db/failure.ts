import { DeadlockException, LockWaitTimeoutException, UniqueConstraintViolationException } from "@mikro-orm/core";

/** The database cannot be reached, or has gone away in the middle of it. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
}

/** The database has no such table: its migrations have yet to run. */
export class DatabaseUnmigrated extends Error {
  override readonly name = "DatabaseUnmigrated";
}

/** Others kept writing the same rows, however often it was tried. */
export class DatabaseConflict extends Error {
  override readonly name = "DatabaseConflict";
}

/** Thrown to have a transaction done again: somebody has written what it read. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
}

/** An error as drivers throw it. */
interface DriverError {
  code?: unknown;
  errno?: unknown;
  message?: unknown;
  cause?: unknown;
}

/** Whether a row was refused because one like it exists. */
export function isUniqueViolation(error: unknown): boolean {
  if (error instanceof UniqueConstraintViolationException) return true;
  return some(error, ({ code, errno }) =>
    ["23505", "ER_DUP_ENTRY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"].includes(String(code)) ||
    errno === 1062,
  );
}

/** Whether the same work may succeed when it is done again: a deadlock, a lock that was waited for in vain, a race. */
export function isConflict(error: unknown): boolean {
  if (error instanceof Overtaken || error instanceof DeadlockException || error instanceof LockWaitTimeoutException) return true;
  return some(error, ({ code, errno }) =>
    ["40001", "40P01"].includes(String(code)) ||
    String(code).startsWith("SQLITE_BUSY") ||
    // 1020: MariaDB's snapshot isolation found the record changed since it was last read.
    [1213, 1205, 1020].includes(Number(errno)),
  );
}

const lost = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "PROTOCOL_CONNECTION_LOST",
  "ER_CON_COUNT_ERROR",
  "ER_SERVER_SHUTDOWN",
  // PostgreSQL: shutting down, crashed, starting up, too many clients, connection failures.
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08000",
  "08001",
  "08003",
  "08006",
]);

/** Whether an error says that the connection, not the statement, is at fault. */
export function isConnectionLoss(error: unknown): boolean {
  return some(error, ({ code, message }) =>
    lost.has(String(code)) ||
    /Connection terminated|Client has encountered a connection error|closed state|not queryable/.test(String(message)),
  );
}

/** Whether a statement named a table that is not there. */
export const isMissingTable = (error: unknown): boolean =>
  some(error, ({ code, errno, message }) => code === "42P01" || errno === 1146 || String(message).includes("no such table"));

/** An error of a statement as callers know it: a missing table is told as such. */
export const known = (error: unknown): unknown =>
  isMissingTable(error) ? new DatabaseUnmigrated("The migrations have yet to run.", { cause: error }) : error;

function some(error: unknown, judge: (error: DriverError) => boolean): boolean {
  let current = error as DriverError | undefined;
  for (let depth = 0; current && typeof current === "object" && depth < 5; depth++) {
    if (judge(current)) return true;
    current = current.cause as DriverError | undefined;
  }
  return false;
}
