import type Sqlite from "better-sqlite3";
import type { Pool as MysqlPool } from "mysql2/promise";
import type { Pool as PgPool, PoolClient } from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./connection.ts";
import { isConflict, isUniqueViolation } from "./failure.ts";
import { retryOnConflict } from "./retry.ts";

/** One connection that alone may change the schema, for as long as it lives. */
export interface MigrationSession {
  query<Row>(sql: string): Promise<Row[]>;
  /** Runs statements separated by semicolons at the ends of lines; all or none, where the engine can. */
  script(sql: string): Promise<void>;
}

const patienceMs = 600_000;

/** Does work while no other migrator of this database can; waits for one that is at it. */
export async function exclusively<Result>(
  db: Database,
  work: (session: MigrationSession) => Promise<Result>,
): Promise<Result> {
  const { native } = db;
  switch (native.dialect) {
    case "sqlite":
      return onSqlite(native.native, work);
    case "postgresql":
      return native.cockroach ? onCockroach(native.native, work) : onPostgresql(native.native, work);
    case "mysql":
      return onMysql(native.native, work);
  }
}

type Work<Result> = (session: MigrationSession) => Promise<Result>;

async function onSqlite<Result>(handle: Sqlite.Database, work: Work<Result>): Promise<Result> {
  // The wait is ours and not SQLite's, which would hold up the whole process.
  const deadline = Date.now() + patienceMs;
  const timeout = handle.pragma("busy_timeout", { simple: true });
  handle.pragma("busy_timeout = 0");
  for (;;) {
    try {
      handle.exec("begin exclusive");
      break;
    } catch (error) {
      if (!isConflict(error) || Date.now() > deadline) throw error;
      await sleep(50);
    } finally {
      handle.pragma(`busy_timeout = ${Number(timeout)}`);
    }
  }
  try {
    const result = await work({
      query: async <Row>(sql: string) => handle.prepare(sql).all() as Row[],
      script: async (sql) => void handle.exec(sql),
    });
    handle.exec("commit");
    return result;
  } catch (error) {
    if (handle.inTransaction) handle.exec("rollback");
    throw error;
  }
}

// "ostiary" in ASCII, so that nobody else takes the same lock by chance.
const lockKey = 0x6f_73_74_69_61_72n;

async function onPostgresql<Result>(pool: PgPool, work: Work<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ version: string }>("select version() as version");
    if (rows[0]!.version.startsWith("CockroachDB"))
      throw new Error(
        "This is CockroachDB, which keeps no locks of PostgreSQL's: let the DSN begin with cockroach://.",
      );
    await client.query(`select pg_advisory_lock(${lockKey})`);
    return await work({ query: queryBy(client), script: scriptBy(client) });
  } finally {
    // The connection goes with its lock.
    client.release(true);
  }
}

const queryBy =
  (client: PoolClient) =>
  async <Row>(sql: string): Promise<Row[]> =>
    (await client.query(sql)).rows as Row[];

const scriptBy =
  (client: PoolClient) =>
  async (sql: string): Promise<void> => {
    try {
      await client.query(`begin; ${sql}; commit`);
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  };

/** PostgreSQL's words for a table, or the type of its rows, that is there already. */
const duplicates = new Set<unknown>(["42P07", "42710"]);

/**
 * CockroachDB takes calls of advisory locks and locks nothing: a row is locked in their place, by a connection that does nothing else.
 * Texts are ordered by code points there, and of PostgreSQL's collations it has none.
 */
async function onCockroach<Result>(pool: PgPool, work: Work<Result>): Promise<Result> {
  const [keeper, client] = await Promise.all([pool.connect(), pool.connect()]);
  const script = scriptBy(client);
  try {
    // Of two that make it at once one may be told that it is there.
    await keeper
      .query("create table if not exists schema_migrations_lock (id integer not null primary key)")
      .catch((error: unknown) => {
        if (!isUniqueViolation(error) && !duplicates.has((error as { code?: unknown }).code)) throw error;
      });
    await keeper.query("insert into schema_migrations_lock (id) values (1) on conflict do nothing");
    await keeper.query("begin");
    await keeper.query("select id from schema_migrations_lock for update");
    return await work({
      query: queryBy(client),
      script: (sql) => retryOnConflict("transaction", () => script(sql.replaceAll(' collate "C"', ""))),
    });
  } finally {
    await keeper.query("rollback").catch(() => undefined);
    keeper.release(true);
    client.release(true);
  }
}

async function onMysql<Result>(pool: MysqlPool, work: Work<Result>): Promise<Result> {
  const connection = await pool.getConnection();
  const query = async <Row>(sql: string) => (await connection.query(sql))[0] as Row[];
  try {
    // Locks belong to the server, not to the database: the name must tell databases apart, in at most 64 characters.
    const [lock] = await query<{ taken: number }>(
      `select get_lock(concat('ostiary.', md5(database())), ${patienceMs / 1000}) as taken`,
    );
    if (lock?.taken !== 1) throw new Error("Another migration of this database does not come to an end.");
    return await work({
      query,
      script: async (sql) => {
        for (const one of sql.split(/;\s*(?:\n|$)/)) if (one.replace(/^--.*$/gm, "").trim()) await query(one);
      },
    });
  } finally {
    connection.destroy();
  }
}
