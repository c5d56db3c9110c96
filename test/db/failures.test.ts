import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Connection } from "../../src/db/connection.ts";
import { openDatabase } from "../../src/db/database.ts";
import { DatabaseConflict, DatabaseUnavailable, DatabaseUnmigrated } from "../../src/db/failure.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { change, insert } from "../../src/db/query.ts";
import { ready } from "../../src/db/health.ts";
import { statement } from "../../src/db/statement.ts";
import { identities } from "../../src/identity/entities.ts";
import { entities } from "../../src/orm.ts";
import { eachDatabase, onServer } from "../support/databases.ts";
import { reach, rowsOf } from "../support/rows.ts";

async function add(db: Connection, schemaId = "default"): Promise<string> {
  const id = uuidv7();
  await insert(reach(db), identities, [{ id, schemaId, traits: {}, createdAt: new Date(), updatedAt: new Date() }]);
  return id;
}

const one = statement("test_one", "select 1 as one");

eachDatabase("two who write the same rows crosswise both get through", async (db) => {
  if (db.dialect === "sqlite") return;
  const [a, b] = [await add(db), await add(db)];
  let runs = 0;
  let held = 0;
  const { promise: bothHold, resolve: go } = Promise.withResolvers<void>();
  const cross = (ids: string[]) =>
    db.transaction(async (transaction) => {
      runs++;
      for (const id of ids) {
        await change(reach(transaction), identities, { region: ids[0]!.slice(0, 8) }, (query) =>
          query.where("id", "=", id),
        );
        if (++held === 2) go();
        await bothHold;
      }
    });
  await Promise.all([cross([a, b]), cross([b, a])]);
  assert.ok(runs >= 3);
});

eachDatabase("work that never gets through ends as a conflict, and other errors as themselves", async (db) => {
  let runs = 0;
  const failing = (code: string) =>
    db.transaction(async () => {
      runs++;
      throw Object.assign(new Error(code), { code });
    });
  await assert.rejects(failing("40001"), DatabaseConflict);
  assert.equal(runs, 4);
  await assert.rejects(failing("odd"), /odd/);
  assert.equal(runs, 5);
  await assert.rejects(failing("ECONNRESET"), DatabaseUnavailable);
});

eachDatabase("what a failed attempt made is not written by the next", async (db) => {
  let runs = 0;
  await db.transaction(async (transaction) => {
    await add(transaction, `run-${++runs}`);
    if (runs === 1) throw Object.assign(new Error("deadlock"), { code: "40P01" });
  });
  const made = await rowsOf(db, identities);
  assert.deepEqual(
    made.map(({ schemaId }) => schemaId),
    ["run-2"],
  );
});

eachDatabase("prepared reads see what is committed and nothing else", async (db) => {
  const count = statement("test_count", "select count(*) as n from identities");
  const n = async () => Number((await db.read<{ n: number }>(count, []))[0]!.n);
  await db.transaction(async (transaction) => {
    await add(transaction);
    assert.equal(await n(), 0);
  });
  assert.equal(await n(), 1);
});

eachDatabase("many who read a table at once that is not there are all told so", async (db) => {
  const missing = statement("test_missing", "select id from no_such_table where id = ?");
  const reads = await Promise.allSettled(Array.from({ length: 16 }, () => db.read(missing, ["a"])));
  for (const read of reads)
    assert.ok(
      read.status === "rejected" && read.reason instanceof DatabaseUnmigrated,
      String((read as PromiseRejectedResult).reason),
    );
});

const kill: Record<string, (database: string) => Promise<void>> = {
  async postgresql(database) {
    await onServer(
      "postgresql",
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
    );
  },
  async mysql(database) {
    const [rows] = (await onServer(
      "mysql",
      `select id from information_schema.processlist where db = '${database}'`,
    )) as [{ id: number }[]];
    // One may have ended by itself since it was listed.
    const unlessEnded = (error: { readonly code?: string }) => assert.equal(error.code, "ER_NO_SUCH_THREAD");
    for (const { id } of rows) await onServer("mysql", `kill ${id}`).catch(unlessEnded);
  },
};

eachDatabase("reads survive that the server drops all connections", async (db) => {
  if (db.dialect === "sqlite") return;
  await Promise.all(Array.from({ length: 8 }, () => db.read(one, [])));
  const sql = db.dialect === "mysql" ? "select database() as name" : "select current_database() as name";
  const [row] = await db.read<{ name: string }>(statement(`test_name_${db.dialect}`, sql), []);
  await kill[db.dialect]!(row!.name);
  const rows = await Promise.all(Array.from({ length: 8 }, () => db.read<{ one: number }>(one, [])));
  assert.deepEqual(
    rows.map(([found]) => found!.one),
    Array.from({ length: 8 }, () => 1),
  );
});

for (const dsn of ["postgres://a@127.0.0.1:1/d?sslmode=disable", "mysql://a@127.0.0.1:1/d"]) {
  test(`a server that is not there is told as such (${dsn.slice(0, 5)})`, async (t: TestContext) => {
    const db = await openDatabase(dsn, entities);
    t.after(() => db.close());
    await assert.rejects(db.read(one, []), DatabaseUnavailable);
    await assert.rejects(
      db.transaction((transaction) => rowsOf(transaction, identities)),
      DatabaseUnavailable,
    );
    assert.deepEqual(Object.keys(await ready(db)), ["database"]);
  });
}
