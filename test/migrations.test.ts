import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import type { Database } from "../src/db/connection.ts";
import { openDatabase } from "../src/db/database.ts";
import { ready } from "../src/db/health.ts";
import { migrateDown, migrateUp, migrationStatus, pendingMigrations } from "../src/db/migrate.ts";
import type { Dialect } from "../src/db/statement.ts";
import { entities } from "../src/orm.ts";
import { shapeOf } from "./db/schema-shape.ts";
import { createScratch, databases } from "./support/databases.ts";

async function openEmpty(t: TestContext, dialect: Dialect): Promise<{ db: Database; dsn: string }> {
  const scratch = await createScratch(dialect);
  const db = await openDatabase(scratch.dsn, entities);
  t.after(async () => {
    await db.close();
    await scratch.drop();
  });
  return { db, dsn: scratch.dsn };
}

/** The schema with all that the engine knows of it. */
async function describe(db: Database): Promise<unknown> {
  const run = <Row>(sql: string) => db.orm.em.getConnection().execute<Row[]>(sql);
  if (db.dialect === "sqlite") return run("select type, name, sql from sqlite_master order by type, name");
  const shape = await shapeOf(db);
  if (db.dialect === "postgresql") {
    const checks = await run(
      "select conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace order by 1",
    );
    return { ...shape, checks };
  }
  const texts: unknown[] = [];
  for (const { name } of await run<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = database() order by 1",
  )) {
    texts.push(await run(`show create table ${name}`));
  }
  return { ...shape, texts };
}

for (const dialect of databases) {
  test(`down takes back all of up, and up restores it (${dialect})`, async (t) => {
    const { db } = await openEmpty(t, dialect);
    const known = await migrationStatus(db);
    assert.ok(known.length > 0 && known.every(({ applied }) => !applied));
    assert.deepEqual(Object.keys(await ready(db)), ["migrations"]);

    const versions = known.map(({ version }) => version);
    assert.deepEqual(await migrateUp(db), versions);
    assert.deepEqual(await migrateUp(db), []);
    assert.deepEqual(await pendingMigrations(db), []);
    assert.deepEqual(await ready(db), {});
    const before = await describe(db);
    assert.deepEqual(await migrateDown(db, versions.length), versions.toReversed());
    assert.deepEqual((await shapeOf(db)).columns, []);
    await migrateUp(db);
    assert.deepEqual(await describe(db), before);
  });

  test(`the tables are what the entities say (${dialect})`, async (t) => {
    const { db: migrated } = await openEmpty(t, dialect);
    await migrateUp(migrated);
    const { db: generated } = await openEmpty(t, dialect);
    await (generated.orm as unknown as { schema: { create(): Promise<void> } }).schema.create();
    assert.deepEqual(await shapeOf(migrated), await shapeOf(generated));
  });

  test(`of two migrators one works and the other waits (${dialect})`, async (t) => {
    const { dsn } = await openEmpty(t, dialect);
    const done = await Promise.all([migrateUp(dsn), migrateUp(dsn), migrateUp(dsn)]);
    assert.deepEqual(done.map(({ length }) => length).toSorted().slice(0, 2), [0, 0]);
    assert.ok(done.flat().length > 0);
  });

  test(`a migration that was killed half way is run again (${dialect})`, async (t) => {
    const { db } = await openEmpty(t, dialect);
    await migrateUp(db);
    const whole = await describe(db);
    await migrateDown(db, 100);
    // Only MySQL keeps what a killed migration had made; the others roll it back.
    const folder = new URL(`../migrations/${dialect}/`, import.meta.url);
    const [first] = (await readdir(folder)).filter((name) => name.endsWith(".up.sql")).toSorted();
    const statements = (await readFile(new URL(first!, folder), "utf8")).split(";\n");
    if (dialect === "mysql") {
      for (const sql of statements.slice(0, 3)) await db.orm.em.getConnection().execute(sql);
    }
    await migrateUp(db);
    assert.deepEqual(await describe(db), whole);
  });
}
