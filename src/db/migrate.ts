import { readdir, readFile } from "node:fs/promises";
import { ownFile } from "../own-file.ts";
import type { Database } from "./connection.ts";
import { openDatabase } from "./database.ts";
import { isConnectionLoss, isMissingTable } from "./failure.ts";
import { exclusively, type MigrationSession } from "./migration-session.ts";
import { type Dialect, type Statement, statement } from "./statement.ts";

/** A change of the schema, and whether this database has it. */
export interface MigrationStatus {
  version: string;
  applied: boolean;
}

interface Migration {
  version: string;
  up: string;
  down: string;
}

const directory = ownFile("../migrations/");

async function migrationsOf(dialect: Dialect, all: URL): Promise<Migration[]> {
  const folder = new URL(`${dialect}/`, all);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".up.sql")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const version = name.slice(0, -".up.sql".length);
      const [up, down] = await Promise.all(
        ["up", "down"].map((direction) => readFile(new URL(`${version}.${direction}.sql`, folder), "utf8")),
      );
      return { version, up: up!, down: down! };
    }),
  );
}

/** Brings a database up to date, waiting for any other who is at it; gives the versions that were missing. */
export async function migrateUp(target: string | Database, all: URL = directory): Promise<string[]> {
  return withDatabase(target, async (db) => {
    const migrations = await migrationsOf(db.dialect, all);
    return exclusively(db, async (session) => {
      const applied = await prepare(session);
      const missing = migrations.filter(({ version }) => !applied.has(version));
      for (const { version, up } of missing) {
        await session.script(
          `${up}\ninsert into schema_migrations (version, applied_at) values ('${version}', ${Date.now()});`,
        );
      }
      return missing.map(({ version }) => version);
    });
  });
}

/** Takes back the last changes of the schema, with all that they hold; gives their versions, the latest first. */
export async function migrateDown(target: string | Database, steps: number, all: URL = directory): Promise<string[]> {
  return withDatabase(target, async (db) => {
    const migrations = await migrationsOf(db.dialect, all);
    return exclusively(db, async (session) => {
      const applied = await prepare(session);
      const last = migrations
        .filter(({ version }) => applied.has(version))
        .toReversed()
        .slice(0, steps);
      for (const { version, down } of last) {
        await session.script(`${down}\ndelete from schema_migrations where version = '${version}';`);
      }
      return last.map(({ version }) => version);
    });
  });
}

/** Every change of the schema that this release knows, in order. */
export async function migrationStatus(target: string | Database): Promise<MigrationStatus[]> {
  return withDatabase(target, async (db) => {
    const migrations = await migrationsOf(db.dialect, directory);
    const applied = await appliedTo(db);
    return migrations.map(({ version }) => ({ version, applied: applied.has(version) }));
  });
}

/** The changes that a database still lacks. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const status = await migrationStatus(db);
  return status.filter(({ applied }) => !applied).map(({ version }) => version);
}

async function prepare(session: MigrationSession): Promise<Set<string>> {
  await session.script(
    "create table if not exists schema_migrations (version varchar(255) not null primary key, applied_at bigint not null);",
  );
  const rows = await session.query<{ version: string }>("select version from schema_migrations");
  return new Set(rows.map(({ version }) => version));
}

const versions: Statement = statement("schema_migrations", "select version from schema_migrations");

async function appliedTo(db: Database): Promise<Set<string>> {
  try {
    const rows = await db.read<{ version: string }>(versions, []);
    return new Set(rows.map(({ version }) => version));
  } catch (error) {
    if (isConnectionLoss(error) || !isMissingTable(error)) throw error;
    return new Set();
  }
}

async function withDatabase<Result>(
  target: string | Database,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  if (typeof target !== "string") return work(target);
  const db = await openDatabase(target, []);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
