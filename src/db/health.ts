import type { Database } from "./database.ts";
import { pendingMigrations } from "./migrate.ts";

/** What keeps a database from serving, by what is at fault; nothing when all is well. */
export async function ready(db: Database): Promise<Record<string, string>> {
  try {
    const pending = await pendingMigrations(db);
    if (pending.length === 0) return {};
    return { migrations: `Migrations have yet to run: ${pending.join(", ")}.` };
  } catch (error) {
    return { database: error instanceof Error ? error.message : String(error) };
  }
}
