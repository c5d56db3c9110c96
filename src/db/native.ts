import type Sqlite from "better-sqlite3";
import type { Pool as MysqlPool } from "mysql2/promise";
import type { Pool as PostgresqlPool } from "pg";

/** The driver's own handle or pool, for those who change the schema. */
export type Native =
  | { readonly dialect: "sqlite"; readonly native: Sqlite.Database }
  | { readonly dialect: "postgresql"; readonly native: PostgresqlPool; readonly cockroach: boolean }
  | { readonly dialect: "mysql"; readonly native: MysqlPool };
