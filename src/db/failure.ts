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
  name?: unknown;
  /** Of mysql2. */
  fatal?: unknown;
  /** Of PostgreSQL. */
  severity?: unknown;
  message?: unknown;
  cause?: unknown;
}

/** Whether a row was refused because one like it exists. */
export function isUniqueViolation(error: unknown): boolean {
  return some(
    error,
    ({ code, errno }) =>
      ["23505", "ER_DUP_ENTRY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"].includes(String(code)) ||
      errno === 1062,
  );
}

/** Whether the same work may succeed when it is done again: a deadlock, a lock that was waited for in vain, a race. */
export function isConflict(error: unknown): boolean {
  if (error instanceof Overtaken) return true;
  return some(
    error,
    ({ code, errno }) =>
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
  "ENETUNREACH",
  "PROTOCOL_CONNECTION_LOST",
]);

/** Classes of PostgreSQL's codes: connections, shutting down or starting up. */
const lostClasses = /^(08...|57P0.)$/;
const lostMessages =
  /Connection terminated|Client has encountered a connection error|closed state|not queryable|timeout exceeded when trying to connect/;

/** Whether an error says that the connection, not the statement, is at fault. */
export function isConnectionLoss(error: unknown): boolean {
  return some(
    error,
    ({ code, fatal, severity, message }) =>
      lost.has(String(code)) ||
      lostClasses.test(String(code)) ||
      // mysql2 and PostgreSQL each say so where the connection has ended with the error.
      fatal === true ||
      severity === "FATAL" ||
      lostMessages.test(String(message)),
  );
}

/** PostgreSQL: refused (28, 3D, 42501), read-only, no room or connections (53), cancelled, idle for too long, system errors (58); CockroachDB: nobody knows whether it was committed (40003). */
const refusals = /^(28...|3D000|42501|25006|25P0[34]|40003|53...|57014|57P..|58...)$/;

/** SQLite: the disk is full, broken, read-only or locked, or the file is none of its own. */
const sqliteRefusals = /^SQLITE_(FULL|IOERR|NOMEM|CANTOPEN|READONLY|INTERRUPT|CORRUPT|NOTADB|PROTOCOL|PERM|AUTH)/;

/**
 * MySQL and MariaDB: no room (1021, 1030, 1114, 1037, 1038, 1041, 1026), no connections (1040, 1203, 1226, 1129), read-only
 * (1290, 1792, 1836), refused (1044, 1045, 1049, 1142), ended by somebody or for its time (1053, 1317, 1927, 1969, 3024, 4031).
 */
const mysqlRefusals = new Set([
  1021, 1026, 1030, 1037, 1038, 1040, 1041, 1044, 1045, 1049, 1053, 1114, 1129, 1142, 1203, 1226, 1290, 1317, 1792,
  1836, 1927, 1969, 3024, 4031,
]);

/** Whether an error says that the database, not the statement, is at fault: it is gone, full, read-only, or admits nobody. */
export const isUnavailable = (error: unknown): boolean =>
  isConnectionLoss(error) ||
  some(
    error,
    ({ name, code, errno }) =>
      name === "DatabaseUnavailable" ||
      refusals.test(String(code)) ||
      sqliteRefusals.test(String(code)) ||
      mysqlRefusals.has(Number(errno)),
  );

/** Whether a statement was given up to end a deadlock, and its whole transaction with it. */
export const isDeadlock = (error: unknown): boolean => some(error, ({ errno }) => errno === 1213);

/** Whether a statement named a table that is not there. */
export const isMissingTable = (error: unknown): boolean =>
  some(
    error,
    ({ code, errno, message }) => code === "42P01" || errno === 1146 || String(message).includes("no such table"),
  );

/** Whether a row was refused because what it refers to is gone. */
const isForeignKeyViolation = (error: unknown): boolean =>
  some(error, ({ code, errno }) => ["23503", "SQLITE_CONSTRAINT_FOREIGNKEY"].includes(String(code)) || errno === 1452);

/** An error as callers know it: a missing table is told as such, a row that was deleted meanwhile, and a database that cannot be used. */
export function known(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable || error instanceof DatabaseUnmigrated) return error;
  if (isMissingTable(error)) return new DatabaseUnmigrated("The migrations have yet to run.", { cause: error });
  if (isForeignKeyViolation(error))
    return new DatabaseConflict("What a row belongs to has been deleted.", { cause: error });
  return isUnavailable(error) ? new DatabaseUnavailable("The database cannot be used.", { cause: error }) : error;
}

function some(error: unknown, judge: (error: DriverError) => boolean): boolean {
  let current = error as DriverError | undefined;
  for (let depth = 0; current && typeof current === "object" && depth < 5; depth++) {
    if (judge(current)) return true;
    current = current.cause as DriverError | undefined;
  }
  return false;
}
