import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../src/db/database.ts";
import { entities } from "../../src/orm.ts";
import { runSql } from "../support/run-sql.ts";

test("what a file of SQLite has taken is there after a power cut", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-durability-"));
  const db = await openDatabase(`sqlite://${folder}/kept.sqlite`, entities);
  t.after(async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  });
  assert.deepEqual(await runSql(db, "pragma journal_mode"), [{ journal_mode: "wal" }]);
  // 2 is FULL: each commit waits until the disk has it.
  assert.deepEqual(await runSql(db, "pragma synchronous"), [{ synchronous: 2 }]);
});
