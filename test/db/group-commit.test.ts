import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Connection } from "../../src/db/connection.ts";
import { openDatabase } from "../../src/db/database.ts";
import { DatabaseUnavailable } from "../../src/db/failure.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { migrateUp } from "../../src/db/migrate.ts";
import { insert } from "../../src/db/query.ts";
import { identities } from "../../src/identity/entities.ts";
import { entities } from "../../src/orm.ts";
import { reach, rowsOf } from "../support/rows.ts";
import { runSql } from "../support/run-sql.ts";

/** A file of SQLite, opened twice: as a server writes to it, and as another process sees it. */
async function openTwice(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-group-"));
  const dsn = `sqlite://${folder}/kept.sqlite`;
  await migrateUp(dsn);
  const [db, other] = [await openDatabase(dsn, entities), await openDatabase(dsn, entities)];
  t.after(async () => {
    await db.close();
    await other.close();
    rmSync(folder, { recursive: true });
  });
  const execute = (sql: string) => runSql<Record<string, number>>(db, sql);
  return { db, other, execute, logBytes: () => statSync(`${folder}/kept.sqlite-wal`).size };
}

async function add(db: Connection, id = uuidv7(), traits: Record<string, unknown> = {}): Promise<string> {
  await insert(reach(db), identities, [
    { id, schemaId: "default", traits, createdAt: new Date(), updatedAt: new Date() },
  ]);
  return id;
}

const idsIn = async (db: Connection) => new Set((await rowsOf(db, identities)).map(({ id }) => id));
const twenty = <T>(make: () => T): T[] => Array.from({ length: 20 }, make);

test("what is written at once is written to the disk once, and is there for others when its writers hear of it", async (t) => {
  const { db, other, logBytes } = await openTwice(t);
  const isThere = async (id: string) => assert.ok((await idsIn(other)).has(id));
  const before = logBytes();
  for (const _ of twenty(() => 0)) await add(db);
  const apart = logBytes() - before;
  await Promise.all([
    ...twenty(() => add(db).then(isThere)),
    ...twenty(() => db.transaction((tx) => add(tx)).then(isThere)),
  ]);
  assert.ok(logBytes() - before - apart < apart / 2, `${logBytes() - before - apart} of ${apart} bytes`);
  assert.equal((await idsIn(other)).size, 60);
});

test("of those who write at once each has errors of its own", async (t) => {
  const { db, other } = await openTwice(t);
  const taken = await add(db);
  const refused = db.transaction(async (tx) => {
    await add(tx);
    throw new Error("refused");
  });
  const [well, twice, thrown, caught] = await Promise.allSettled([
    Promise.all(twenty(() => add(db))),
    add(db, taken),
    refused,
    // What a statement has failed at undoes nothing else of its transaction.
    db.transaction(async (tx) => {
      await assert.rejects(add(tx, taken), /UNIQUE/);
      return add(tx);
    }),
  ]);
  assert.deepEqual([well.status, caught.status], ["fulfilled", "fulfilled"]);
  assert.match(String((twice as PromiseRejectedResult).reason), /UNIQUE/);
  assert.match(String((thrown as PromiseRejectedResult).reason), /refused/);
  assert.equal((await idsIn(other)).size, 22);
});

test("where the disk has no room for what one writes, the others write on", async (t) => {
  const { db, other, execute } = await openTwice(t);
  const [{ page_count: pages = 0 } = {}] = await execute("pragma page_count");
  await execute(`pragma max_page_count = ${pages + 60}`);
  const large = { text: "x".repeat(600_000) };
  const [well, full] = await Promise.allSettled([
    Promise.all([...twenty(() => add(db)), ...twenty(() => db.transaction((tx) => add(tx)))]),
    db.transaction(async (tx) => {
      await add(tx);
      await add(tx, uuidv7(), large).catch(() => undefined);
      return add(tx, uuidv7(), large);
    }),
  ]);
  assert.equal(well.status, "fulfilled", String((well as PromiseRejectedResult).reason));
  assert.ok((full as PromiseRejectedResult).reason instanceof DatabaseUnavailable);
  assert.equal((await idsIn(other)).size, 40);
});
