import type { Database } from "../../src/db/connection.ts";
import { runSql } from "../support/run-sql.ts";

type Rows = Record<string, unknown>[];

/**
 * Columns, keys, foreign keys and checks of all tables but the migrations' own, as the engine describes them. Collations are
 * left out, and that documents are JSON where there is no type for that: only the migrations know them.
 */
export async function shapeOf(db: Database): Promise<Record<string, Rows>> {
  const run = (sql: string) => runSql(db, sql);
  switch (db.dialect) {
    case "sqlite":
      return shapeOfSqlite(run);
    case "postgresql":
      return {
        columns:
          await run(`select table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
          from information_schema.columns where table_schema = 'public' and table_name <> 'schema_migrations'
          order by 1, ordinal_position`),
        indexes: await run(`select indexname, indexdef from pg_indexes
          where schemaname = 'public' and tablename <> 'schema_migrations' order by 1`),
        foreign: await run(`select conname, pg_get_constraintdef(oid) as definition from pg_constraint
          where connamespace = 'public'::regnamespace and contype = 'f' order by 1`),
        checks: await run(`select conname, pg_get_constraintdef(oid) as definition from pg_constraint
          where connamespace = 'public'::regnamespace and contype = 'c' order by 1`),
      };
    case "mysql":
      return {
        columns: await run(`select table_name, column_name, column_type, is_nullable, column_default
          from information_schema.columns where table_schema = database() and table_name <> 'schema_migrations'
          order by table_name, ordinal_position`),
        indexes: await run(`select table_name, index_name, non_unique, seq_in_index, column_name
          from information_schema.statistics where table_schema = database() and table_name <> 'schema_migrations'
          order by table_name, index_name, seq_in_index`),
        foreign: await run(`select constraint_name, referenced_table_name, delete_rule
          from information_schema.referential_constraints where constraint_schema = database() order by 1`),
        checks: await run(`select constraint_name, check_clause from information_schema.check_constraints
          where constraint_schema = database() and constraint_name like '%\\_check' order by 1`),
      };
  }
}

async function shapeOfSqlite(run: (sql: string) => Promise<Rows>): Promise<Record<string, Rows>> {
  const tables = `select name from sqlite_master where type = 'table' and name <> 'schema_migrations'`;
  return {
    columns: await run(`select t.name as tab, c.name, c.type, c."notnull", c.dflt_value, c.pk
      from (${tables}) t, pragma_table_info(t.name) c order by t.name, c.cid`),
    // Keys that SQLite makes for itself are numbered, not named.
    indexes: await run(`select t.name as tab, i.name, i."unique", c.seqno, c.name as col
      from (${tables}) t, pragma_index_list(t.name) i, pragma_index_info(i.name) c where i.origin = 'c'
      order by t.name, i.name, c.seqno`),
    foreign: await run(`select t.name as tab, f."from", f."table", f."to", f.on_delete
      from (${tables}) t, pragma_foreign_key_list(t.name) f order by 1, 2`),
    checks: (await run(`select sql from sqlite_master where type = 'table' order by name`)).flatMap(({ sql }) =>
      [
        ...String(sql)
          .replaceAll("`", "")
          .matchAll(/constraint (\w+_check) (check \(.*?\)\)?)(?=,|\n| *\)$| constraint)/gi),
      ]
        .map(([, name, check]) => ({ name, check }))
        .toSorted(byName),
    ),
  };
}

const byName = (one: { name: string | undefined }, other: { name: string | undefined }) =>
  one.name! < other.name! ? -1 : 1;
