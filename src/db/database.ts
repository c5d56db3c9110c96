import type { EntitySchema } from "@mikro-orm/core";
import type { Database } from "./connection.ts";
import { parseDsn } from "./dsn.ts";
import type { Engine, Log } from "./engine.ts";
import { createExecutor } from "./executor.ts";

/** The descriptions of the tables that a database has. */
export type Entities = readonly EntitySchema[];

/** Opens the database that a connection string names. Nothing is migrated. */
export async function openDatabase(dsn: string, entities: Entities, { log }: { log?: Log } = {}): Promise<Database> {
  const engine = await open(dsn, log);
  const { dialect, reader, writer, listen } = engine;
  const database: Database = {
    ...createExecutor(() => database, dialect, reader, writer),
    native: engine,
    entities,
    listen,
    get database() {
      return database;
    },
    async close() {
      await reader.close();
      await writer.close();
      await engine.close?.();
    },
  };
  return database;
}

/** Each engine's driver is loaded where it is needed: together they take longer than the rest of a start. */
async function open(dsn: string, log?: Log): Promise<Engine> {
  const target = parseDsn(dsn);
  switch (target.dialect) {
    case "sqlite":
      return (await import("./open-sqlite.ts")).openSqlite(target);
    case "postgresql":
      return (await import("./open-postgresql.ts")).openPostgresql(target, log);
    case "mysql":
      return (await import("./open-mysql.ts")).openMysql(target, log);
  }
}
