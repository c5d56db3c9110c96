import type { TestContext } from "node:test";
import { test } from "node:test";
import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import pg from "pg";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { migrateUp } from "../../src/db/migrate.ts";
import type { Dialect } from "../../src/db/statement.ts";
import { entities } from "../../src/orm.ts";

/** Where the servers are on which tests make their databases. */
const servers = {
  postgresql: process.env.OSTIARY_TEST_POSTGRESQL ?? "postgres://root@127.0.0.1:5432/postgres?sslmode=disable",
  mysql: process.env.OSTIARY_TEST_MYSQL ?? "mysql://root@127.0.0.1:3306/mysql",
};

// A machine under load takes its time; where there is no server at all, it says so at once.
const patienceMs = 20_000;

/** An empty database that ends with the test. */
export interface Scratch {
  dsn: string;
  drop(): Promise<void>;
}

/** The engines that tests run on: those of OSTIARY_TEST_DATABASES, else SQLite and all that answer. */
export const databases: readonly Dialect[] = await chooseDatabases();

async function chooseDatabases(): Promise<Dialect[]> {
  const all: Dialect[] = ["sqlite", "postgresql", "mysql"];
  const asked = process.env.OSTIARY_TEST_DATABASES?.split(",").map((name) => name.trim());
  const unknown = asked?.find((name) => !all.includes(name as Dialect));
  if (unknown) throw new Error(`OSTIARY_TEST_DATABASES names an unknown engine: ${unknown}`);
  const required = asked ?? (process.env.CI === "true" ? all : undefined);
  if (required) return all.filter((name) => required.includes(name));
  const silences = await Promise.all(all.map((name) => (name === "sqlite" ? undefined : silenceOf(name))));
  // Whoever reads the report shall see what was not tried.
  for (const [index, silence] of silences.entries()) if (silence !== undefined) test(`on ${all[index]}`, { skip: silence }, () => undefined);
  return all.filter((_, index) => silences[index] === undefined);
}

/** Why nothing can be tried on an engine; undefined where it answers. */
async function silenceOf(dialect: "postgresql" | "mysql"): Promise<string | undefined> {
  return onServer(dialect, "select 1").then(
    () => undefined,
    (error: { code?: string; message?: string }) => `NO TEST OF THIS FILE RAN on ${dialect}: ${error.message || error.code}`,
  );
}

/** Runs a test once per engine, on an open and migrated database of its own. */
export function eachDatabase(title: string, run: (db: Database, t: TestContext) => Promise<void>): void {
  for (const dialect of databases) {
    test(`${title} (${dialect})`, async (t) => {
      const scratch = await createMigrated(dialect);
      const db = await openDatabase(scratch.dsn, entities);
      try {
        await run(db, t);
      } finally {
        await db.close();
        await scratch.drop();
      }
    });
  }
}

/** Opens a migrated database that is closed and dropped when the test ends. */
export async function openScratch(t: TestContext, dialect: Dialect = "sqlite"): Promise<Database> {
  const scratch = await createMigrated(dialect);
  const db = await openDatabase(scratch.dsn, entities);
  t.after(async () => {
    await db.close();
    await scratch.drop();
  });
  return db;
}

/** Makes an empty database. */
export async function createScratch(dialect: Dialect): Promise<Scratch> {
  if (dialect === "sqlite") {
    const { mkdtemp, rm } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    const directory = await mkdtemp(`${tmpdir()}/ostiary-test-`);
    return { dsn: `sqlite://${directory}/test.sqlite`, drop: () => rm(directory, { recursive: true, force: true }) };
  }
  return onServerScratch(dialect, (name) => `create database ${name}`);
}

const templates = new Map<Dialect, Promise<string>>();

async function createMigrated(dialect: Dialect): Promise<Scratch> {
  if (dialect === "postgresql") {
    // A copy of a migrated database is made faster than the migrations run.
    let template = templates.get(dialect);
    if (!template) templates.set(dialect, (template = createTemplate()));
    const source = await template;
    return onServerScratch(dialect, (name) => `create database ${name} template ${source}`);
  }
  if (dialect === "mysql") return lendMysql();
  const scratch = await createScratch(dialect);
  await migrateUp(scratch.dsn);
  return scratch;
}

async function createTemplate(): Promise<string> {
  const scratch = await createScratch("postgresql");
  await migrateUp(scratch.dsn);
  process.once("beforeExit", () => void scratch.drop());
  return new URL(scratch.dsn).pathname.slice(1);
}

const idleMysql: Scratch[] = [];

/** MySQL takes long to make tables: one migrated database serves test after test, emptied in between. */
async function lendMysql(): Promise<Scratch> {
  let scratch = idleMysql.pop();
  if (!scratch) {
    const made = await createScratch("mysql");
    await migrateUp(made.dsn);
    process.once("beforeExit", () => void made.drop());
    scratch = { dsn: made.dsn, drop: async () => undefined };
  }
  const lent = scratch;
  return {
    dsn: lent.dsn,
    async drop() {
      const name = new URL(lent.dsn).pathname.slice(1);
      for (const table of ["identities", "codes", "flows", "flow_errors", "courier_messages", "throttles"]) {
        await onServer("mysql", `delete from ${name}.${table}`);
      }
      idleMysql.push(lent);
    },
  };
}

async function onServerScratch(dialect: "postgresql" | "mysql", create: (name: string) => string): Promise<Scratch> {
  const name = `ostiary_test_${randomBytes(6).toString("hex")}`;
  await onServer(dialect, create(name));
  const url = new URL(servers[dialect]);
  url.pathname = `/${name}`;
  const force = dialect === "postgresql" ? " with (force)" : "";
  return {
    dsn: url.toString(),
    drop: async () => void (await onServer(dialect, `drop database if exists ${name}${force}`)),
  };
}

/** Runs one statement as the owner of a test server. */
export async function onServer(dialect: "postgresql" | "mysql", sql: string): Promise<unknown> {
  if (dialect === "postgresql") {
    const client = new pg.Client({ connectionString: servers.postgresql, connectionTimeoutMillis: patienceMs });
    await client.connect();
    return client.query(sql).finally(() => client.end());
  }
  const connection = await mysql.createConnection({ uri: servers.mysql, connectTimeout: patienceMs });
  return connection.query(sql).finally(() => connection.end());
}
