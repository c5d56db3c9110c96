import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import type { Database } from "../src/db/connection.ts";
import { openDatabase } from "../src/db/database.ts";
import { ready } from "../src/db/health.ts";
import { uuidv7 } from "../src/db/id.ts";
import { insert } from "../src/db/query.ts";
import { migrateDown, migrateUp, migrationStatus, pendingMigrations } from "../src/db/migrate.ts";
import type { Dialect } from "../src/db/statement.ts";
import { addresses, credentials, identities } from "../src/identity/entities.ts";
import { identityById } from "../src/identity/statements.ts";
import { entities } from "../src/orm.ts";
import { shapeOf } from "./db/schema-shape.ts";
import { createScratch, databases } from "./support/databases.ts";
import { reach } from "./support/rows.ts";
import { runSql } from "./support/run-sql.ts";
import { createTablesOfEntities } from "./support/tables-of-entities.ts";

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
  const run = <Row>(sql: string) => runSql<Row>(db, sql);
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

/** The migrations there are, and one more. */
function laterMigrations(t: TestContext, dialect: Dialect): URL {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(new URL("../migrations/", import.meta.url), folder, { recursive: true });
  const type = dialect === "sqlite" ? "text" : "varchar(32)";
  const write = (direction: string, sql: string) =>
    writeFileSync(join(folder, dialect, `0002_nicknames.${direction}.sql`), `${sql};\n`);
  write("up", `alter table identities add column nickname ${type} not null default 'none'`);
  write("down", "alter table identities drop column nickname");
  return pathToFileURL(`${folder}/`);
}

/** Somebody with an address and a credential. */
async function addPerson(db: Database): Promise<string> {
  const stamps = () => ({ id: uuidv7(), createdAt: new Date(), updatedAt: new Date() });
  const identity = { ...stamps(), schemaId: "person", traits: { email: "ada@example.org" } };
  await insert(reach(db), identities, [identity]);
  await insert(reach(db), addresses, [
    { ...stamps(), identityId: identity.id, purpose: "verification", via: "email", value: "ada@example.org" },
  ]);
  await insert(reach(db), credentials, [{ ...stamps(), identityId: identity.id, type: "password", config: {} }]);
  return identity.id;
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
    const { db: generated, dsn } = await openEmpty(t, dialect);
    await createTablesOfEntities(dsn);
    assert.deepEqual(await shapeOf(migrated), await shapeOf(generated));
  });

  test(`of two migrators one works and the other waits (${dialect})`, async (t) => {
    const { dsn } = await openEmpty(t, dialect);
    const done = await Promise.all([migrateUp(dsn), migrateUp(dsn), migrateUp(dsn)]);
    assert.deepEqual(
      done
        .map(({ length }) => length)
        .toSorted()
        .slice(0, 2),
      [0, 0],
    );
    assert.ok(done.flat().length > 0);
  });

  test(`a later change reaches a database in use, and is taken back from it, and nobody is lost (${dialect})`, async (t) => {
    const { db } = await openEmpty(t, dialect);
    await migrateUp(db);
    const id = await addPerson(db);
    const before = await identityById(reach(db), id);
    const later = laterMigrations(t, dialect);
    assert.deepEqual(await migrateUp(db, later), ["0002_nicknames"]);
    assert.deepEqual(await runSql(db, "select nickname from identities"), [{ nickname: "none" }]);
    assert.deepEqual(await identityById(reach(db), id), before);
    assert.deepEqual(await migrateDown(db, 1, later), ["0002_nicknames"]);
    assert.deepEqual(await identityById(reach(db), id), before);
    assert.deepEqual(await migrateDown(db, 1, later), ["0001_initial"], "with all that it holds");
    assert.deepEqual((await shapeOf(db)).columns, []);
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
      for (const sql of statements.slice(0, 3)) await runSql(db, sql);
    }
    await migrateUp(db);
    assert.deepEqual(await describe(db), whole);
  });
}
