import assert from "node:assert/strict";
import { uuidv7 } from "../../src/db/id.ts";
import { defaultTenant } from "../../src/tenant.ts";
import { databases, eachDatabase } from "../support/databases.ts";
import { test } from "node:test";
import { runSql } from "../support/run-sql.ts";

const refused: Record<string, string> = {
  "an unknown state": `insert into identities (nid, id, created_at, updated_at, schema_id, state, traits) values ('NID', 'ID', 0, 0, 'd', 'odd', '{}')`,
  "an unknown kind of flow": `insert into flows (nid, id, created_at, updated_at, kind, type, state, request_url, ui, memory, issued_at, expires_at) values ('NID', 'ID', 0, 0, 'odd', 'api', '', '', '{}', '{}', 0, 0)`,
};

eachDatabase("the database itself refuses what cannot be", async (db) => {
  for (const [title, sql] of Object.entries(refused)) {
    await assert.rejects(
      runSql(db, sql.replace("NID", defaultTenant.id).replace("ID", uuidv7())),
      (error: { code?: string; errno?: number }) =>
        ["23514", "SQLITE_CONSTRAINT_CHECK"].includes(error.code ?? "") || [3819, 4025].includes(error.errno ?? 0),
      `${title} (${db.dialect})`,
    );
  }
});

eachDatabase("a child of nobody is refused", async (db) => {
  await assert.rejects(
    runSql(
      db,
      `insert into identity_addresses (nid, id, created_at, updated_at, identity_id, purpose, via, value)
      values ('${defaultTenant.id}', '${uuidv7()}', 0, 0, '${uuidv7()}', 'recovery', 'email', 'a@example.org')`,
    ),
    /foreign key/i,
  );
});

if (databases.includes("mysql")) {
  eachDatabase("MySQL compares every text byte by byte", async (db) => {
    if (db.dialect !== "mysql") return;
    const columns: { name: string; collation: string }[] = await runSql(
      db,
      `select concat(table_name, '.', column_name) as name, collation_name as collation from information_schema.columns
      where table_schema = database() and collation_name is not null and table_name <> 'schema_migrations'`,
    );
    assert.ok(columns.length > 20);
    assert.deepEqual(
      columns.filter(({ collation }) => !collation.endsWith("_bin")),
      [],
    );
  });
}

test("ids made in one process are in order and all different", () => {
  const ids = Array.from({ length: 10_000 }, () => uuidv7());
  assert.equal(new Set(ids).size, ids.length);
  const sameMoment = Array.from({ length: 500 }, () => uuidv7(1_700_000_000_000));
  assert.deepEqual(sameMoment, sameMoment.toSorted());
  assert.match(ids[0]!, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
