import type { Database } from "../../src/db/connection.ts";
import { executedSql } from "../../src/db/executor.ts";

/** Hears all that a database is asked, until it is told to stop. */
export function recordQueries(database: Database, note: (sql: string, params: readonly unknown[]) => void): () => void {
  const listener = (message: unknown) => {
    const told = message as { database: Database; sql: string; params: readonly unknown[] };
    if (told.database === database) note(told.sql, told.params);
  };
  executedSql.subscribe(listener);
  return () => void executedSql.unsubscribe(listener);
}
