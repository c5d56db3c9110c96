import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { breachesOf } from "../support/migration-rules.ts";

const home = join(import.meta.dirname, "../../migrations");
const dialects = ["sqlite", "postgresql", "mysql"];
const filesOf = (dialect: string) => readdirSync(join(home, dialect)).toSorted();
const first = "0001_initial";

test("every database has the same migrations, each with a way back, numbered without a gap", () => {
  const [files, ...others] = dialects.map(filesOf);
  for (const other of others) assert.deepEqual(other, files);
  const versions = [...new Set(files!.map((name) => name.replace(/\.(?:up|down)\.sql$/, "")))];
  assert.deepEqual(
    files,
    versions.flatMap((version) => [`${version}.down.sql`, `${version}.up.sql`]),
  );
  assert.deepEqual(
    versions.map((version) => Number(/^(\d{4})_[a-z_]+$/.exec(version)?.[1])),
    versions.map((_, index) => index + 1),
  );
});

for (const dialect of dialects)
  test(`a server of the version before stumbles over no migration (${dialect})`, () => {
    for (const name of filesOf(dialect).filter((one) => one.endsWith(".up.sql") && !one.startsWith(first)))
      assert.deepEqual(breachesOf(name, readFileSync(join(home, dialect, name), "utf8")), [], name);
  });

test("what the version before can live with may be done", () => {
  for (const fine of [
    "alter table identities add column nickname text",
    "alter table identities add column nickname varchar(32) not null default ''",
    "create table badges (id text not null primary key, unique (id))",
    "create table badges (id text not null);\ncreate unique index badges_by_id on badges (id);\nalter table badges add constraint c check (id <> '')",
    "create index identities_by_nickname on identities (nickname)",
    "drop index identities_by_nickname",
    "alter table identities drop constraint known",
    "-- drop table identities;\ninsert into gauges (name) values ('people')",
  ])
    assert.deepEqual(breachesOf("0002_nicknames.up.sql", fine), [], fine);
});

test("what it cannot live with is told", () => {
  const breaking = (version: string, sql: string) => breachesOf(version, `${sql};\n`).length > 0;
  for (const sql of [
    "drop table identities",
    "truncate table identities",
    "alter table identities drop column traits",
    "ALTER TABLE\n  identities DROP COLUMN traits",
    "alter table identities drop traits",
  ]) {
    assert.ok(breaking("0002_nicknames.up.sql", sql), sql);
    assert.ok(!breaking("0002_contract_traits.up.sql", sql), `a version later it may: ${sql}`);
  }
  for (const sql of [
    "alter table identities rename column traits to claims",
    'alter table "identities" rename to people',
    "rename table identities to people",
    "alter table identities alter column state type integer",
    "alter table identities modify state varchar(8) not null",
    "alter table identities alter column state set not null",
    "alter table identities add column nickname text not null",
    "alter table identities add nickname text not null",
    "alter table identities add constraint u unique (state)",
    "alter table identities add check (state <> '')",
    "create unique index identities_by_state on identities (state)",
  ])
    for (const version of ["0002_nicknames.up.sql", "0002_contract_traits.up.sql"])
      assert.ok(breaking(version, sql), sql);
});
