import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { text } from "node:stream/consumers";
import { openDatabase } from "../../src/db/database.ts";
import { migrateUp } from "../../src/db/migrate.ts";
import { openCockroachDouble } from "../support/cockroach.ts";
import { refusalOf } from "../support/cockroach-dialect.ts";
import { createScratch, databases } from "../support/databases.ts";

test("the stand-in for CockroachDB takes what that takes, and refuses what it does not know", () => {
  for (const taken of [
    "select i.id from identities i where i.nid = $1 order by i.id limit $2",
    "create unique index a_b on a (b); insert into a (b) values ($1) on conflict do nothing",
    "select 'listen to ctid / xmin'",
  ])
    assert.equal(refusalOf(taken), undefined, taken);
  for (const refused of [
    "listen news",
    "select pg_notify($1, $2)",
    "select pg_advisory_xact_lock(1)",
    "select hour / 24 from hourly_counts",
    'create table a (b text collate "C")',
    "do $$ begin end $$",
    "vacuum identities",
    "select some_function(1)",
  ])
    assert.ok(refusalOf(refused), refused);
});

if (databases.includes("postgresql")) {
  test("accounts and sessions come to the same on CockroachDB, also where transactions are given up", async () => {
    const files = ["identity", "session"].map((folder) => `test/${folder}/index.ts`);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const run = spawn(process.execPath, ["test/support/cockroach-run.ts", ...files], { env });
    const [told, [code]] = await Promise.all([text(run.stdout), once(run, "exit")]);
    assert.equal(code, 0, told);
  });

  test("who calls CockroachDB PostgreSQL is told how it is named, and nothing is changed", async (t) => {
    const scratch = await createScratch("postgresql");
    t.after(() => scratch.drop());
    const url = new URL(scratch.dsn);
    const target = { host: url.hostname, port: Number(url.port || 5432) };
    const double = await openCockroachDouble({ target, abortPercent: 0 });
    t.after(() => double.close());
    url.host = `127.0.0.1:${double.port}`;
    await assert.rejects(migrateUp(url.href), /cockroach:\/\//);
    const db = await openDatabase(url.href.replace(/^\w+:/, "cockroach:"), []);
    try {
      assert.equal(db.listen, undefined);
      // Of many that migrate at once each waits for the one before.
      const done = await Promise.all(Array.from({ length: 3 }, () => migrateUp(db)));
      assert.equal(done.filter((versions) => versions.length > 0).length, 1);
    } finally {
      await db.close();
    }
    assert.deepEqual(double.refused, []);
  });
}
