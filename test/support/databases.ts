import type { TestContext } from "node:test";
import { test } from "node:test";
import { randomBytes } from "node:crypto";
import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import mysql from "mysql2/promise";
import pg from "pg";
import type { Database } from "../../src/db/connection.ts";
import { openDatabase } from "../../src/db/database.ts";
import { migrateUp } from "../../src/db/migrate.ts";
import type { Dialect } from "../../src/db/statement.ts";
import { entities } from "../../src/orm.ts";
import { nobody } from "../../src/coherence/database-store.ts";
import { defaultTenant } from "../../src/tenant.ts";

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
  for (const [index, silence] of silences.entries())
    if (silence !== undefined) test(`on ${all[index]}`, { skip: silence }, () => undefined);
  return all.filter((_, index) => silences[index] === undefined);
}

/** Why nothing can be tried on an engine; undefined where it answers. */
async function silenceOf(dialect: "postgresql" | "mysql"): Promise<string | undefined> {
  return onServer(dialect, "select 1").then(
    () => undefined,
    (error: { code?: string; message?: string }) =>
      `NO TEST OF THIS FILE RAN on ${dialect}: ${error.message || error.code}`,
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

/** In memory where there is room (containers often have 64 MB): nothing of a test has to outlive a power failure, and writes would wait for the disk. */
function chooseScratchFolder(): string {
  const inMemory = "/dev/shm";
  if (!existsSync(inMemory)) return tmpdir();
  const { bavail, bsize } = statfsSync(inMemory);
  return bavail * bsize > 2 ** 30 ? inMemory : tmpdir();
}

const scratchFolder = chooseScratchFolder();

/** Makes an empty database. */
export async function createScratch(dialect: Dialect): Promise<Scratch> {
  if (dialect === "sqlite") {
    const { mkdtemp, rm } = await import("node:fs/promises");
    const directory = await mkdtemp(`${scratchFolder}/ostiary-test-`);
    return { dsn: `sqlite://${directory}/test.sqlite`, drop: () => rm(directory, { recursive: true, force: true }) };
  }
  return onServerScratch(dialect);
}

/** Makes a database with all tables, and nothing in them. */
export async function createMigrated(dialect: Dialect): Promise<Scratch> {
  if (dialect !== "sqlite") return lend(dialect);
  const scratch = await createScratch(dialect);
  await migrateUp(scratch.dsn);
  return scratch;
}

const idle: Record<"postgresql" | "mysql", string[]> = { postgresql: [], mysql: [] };
// One transaction, since MariaDB writes its log to the disk at the end of each.
const emptying = [
  "begin",
  ...[
    "identities",
    "identity_imports",
    "codes",
    "flows",
    "flow_errors",
    "courier_messages",
    "throttles",
    "events",
    "event_counters",
    "hourly_counts",
    "account_totals",
    "gauges",
    "subscriptions",
    "subscription_queues",
    "subscription_deliveries",
    "api_keys",
    "invitations",
    "oidc_providers",
    "signing_keys",
    "oauth2_clients",
    "oauth2_objects",
    "tenant_hosts",
    "cache_invalidations",
  ].map((table) => `delete from ${table}`),
  `delete from cache_leases where id <> '${nobody}'`,
  `delete from tenants where id <> '${defaultTenant.id}'`,
  "update tenants set revision = 0, providers_revision = 0, subscriptions_revision = 0",
  "commit",
].join(";");

/** Servers take long to make and drop databases: one serves test after test, emptied in between. */
async function lend(dialect: "postgresql" | "mysql"): Promise<Scratch> {
  const dsn = idle[dialect].pop() ?? (await createLent(dialect));
  return {
    dsn,
    async drop() {
      await onServer(dialect, emptying, dsn);
      idle[dialect].push(dsn);
    },
  };
}

async function createLent(dialect: "postgresql" | "mysql"): Promise<string> {
  const { dsn, drop } = await createScratch(dialect);
  await migrateUp(dsn);
  process.once("beforeExit", () => void drop());
  return dsn;
}

async function onServerScratch(dialect: "postgresql" | "mysql"): Promise<Scratch> {
  const name = `ostiary_test_${randomBytes(6).toString("hex")}`;
  await onServer(dialect, `create database ${name}`);
  // Nothing of a test has to outlive a power failure.
  if (dialect === "postgresql") await onServer(dialect, `alter database ${name} set synchronous_commit = off`);
  const url = new URL(servers[dialect]);
  url.pathname = `/${name}`;
  const force = dialect === "postgresql" ? " with (force)" : "";
  return {
    dsn: url.toString(),
    drop: async () => void (await onServer(dialect, `drop database if exists ${name}${force}`)),
  };
}

/** Runs statements, with semicolons in between, as the owner of a test server, by a connection of their own to one of its databases. */
export async function onServer(dialect: "postgresql" | "mysql", sql: string, dsn = servers[dialect]): Promise<unknown> {
  if (dialect === "postgresql") {
    const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: patienceMs });
    await client.connect();
    return client.query(sql).finally(() => client.end());
  }
  const options = { uri: dsn, connectTimeout: patienceMs, multipleStatements: true };
  const connection = await mysql.createConnection(options);
  return connection.query(sql).finally(() => connection.end());
}
