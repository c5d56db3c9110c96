import type { EntitySchema, MikroORM } from "@mikro-orm/core";
import type { Pool as MysqlPool, SslOptions } from "mysql2";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Duplex } from "node:stream";
import type { Dialect as KyselyDialect, Kysely } from "kysely";
import type Sqlite from "better-sqlite3";
import type pg from "pg";
import type { Database } from "./connection.ts";
import { type Dsn, parseDsn, type ServerDsn } from "./dsn.ts";
import { coalesceWrites, socketOf } from "./coalesce-writes.ts";
import { prepareByName } from "./prepare-by-name.ts";
import { pooled } from "./pooled.ts";
import { prepareOnce } from "./prepare-once.ts";
import { evictWhenBroken } from "./evict-connection.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";
import { pooledWriter } from "./writer-pooled.ts";
import { createExecutor } from "./executor.ts";
import { refuseUnusableFile } from "./sqlite-file.ts";
import type { Dialect } from "./statement.ts";

/** Where warnings of the database layer go. */
interface Log {
  warn(event: string, fields?: Record<string, unknown>): void;
}

/** The descriptions of the tables that a database has. */
export type Entities = readonly EntitySchema[];

/** Opens the database that a connection string names. Nothing is migrated. */
export async function openDatabase(dsn: string, entities: Entities, { log }: { log?: Log } = {}): Promise<Database> {
  const target = parseDsn(dsn);
  const options = {
    entities: [...entities],
    logger: (line: string) => log?.warn("database", { line }),
    colors: false,
    discovery: { warnWhenNoEntities: false },
  };
  if (target.dialect === "sqlite") return openSqlite(target, options);
  return target.dialect === "postgresql" ? openPostgresql(target, options) : openMysql(target, options, log);
}

interface OrmOptions {
  entities: EntitySchema[];
  logger: (line: string) => void;
  colors: boolean;
  discovery: { warnWhenNoEntities: boolean };
}

async function openSqlite({ path }: Dsn & { dialect: "sqlite" }, options: OrmOptions): Promise<Database> {
  const { MikroORM } = await import("@mikro-orm/sqlite");
  const { sqliteReader } = await import("./reader-sqlite.ts");
  const { sqliteWriter } = await import("./writer-sqlite.ts");
  // A database in memory belongs to one handle, but readers have another: so it is a file that nobody else knows.
  const directory = path === undefined ? await mkdtemp(join(tmpdir(), "ostiary-")) : undefined;
  const dbName = path ?? join(directory!, "memory.sqlite");
  await refuseUnusableFile(resolve(dbName));
  const orm = new MikroORM({ ...options, dbName, baseDir: process.cwd() });
  const connection = orm.em.getConnection();
  let handle: Sqlite.Database;
  // What has been answered has to be there after a power cut; but nobody will ever open the private file again.
  const synchronous = directory ? "off" : "full";
  try {
    handle = await connection.getNativeClient();
    for (const pragma of ["journal_mode = wal", `synchronous = ${synchronous}`, "busy_timeout = 0"])
      handle.pragma(pragma);
  } catch (error) {
    await orm.close();
    throw new Error(`The database ${resolve(dbName)} cannot be opened.`, { cause: error });
  }
  prepareOnce(handle);
  return assemble("sqlite", orm, sqliteReader(dbName), sqliteWriter(handle), {
    after: async () => {
      if (directory) await rm(directory, { recursive: true, force: true });
    },
  });
}

async function openPostgresql(target: ServerDsn, options: OrmOptions): Promise<Database> {
  const { MikroORM } = await import("@mikro-orm/postgresql");
  const { postgresqlReader } = await import("./reader-postgresql.ts");
  const { listenOnPostgresql } = await import("./listen-postgresql.ts");
  const { pool } = target;
  const connection: pg.ClientConfig = {
    host: target.socket ?? target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database,
    ssl: await postgresqlTls(target),
    application_name: "ostiary",
  };
  const orm = new MikroORM({
    ...options,
    dbName: target.database,
    user: target.user,
    driverOptions: {
      ...connection,
      max: pool.max,
      idleTimeoutMillis: pool.idleMs,
      ...(pool.lifetimeMs && { maxLifetimeSeconds: Math.ceil(pool.lifetimeMs / 1000) }),
      connectionTimeoutMillis: 10_000,
      onPoolCreated: (pool: pg.Pool) =>
        void pool.on("connect", (client) => {
          coalesceWrites(socketOf(client));
          prepareByName(client);
          evictWhenBroken(client, "query", socketOf(client));
        }),
    },
  });
  makeDialectBy(orm.em.getConnection(), pooled);
  await makeClient(orm);
  const listen: Database["listen"] = (channel, hear) => listenOnPostgresql(connection, channel, hear);
  return assemble("postgresql", orm, postgresqlReader(connection), pooledWriter("postgresql", builderOf(orm)), {
    listen,
  });
}

/** Settles `prefer`: asks the server once whether it speaks TLS. */
async function postgresqlTls(target: ServerDsn): Promise<pg.ClientConfig["ssl"]> {
  if (target.tls === "off" || target.socket) return false;
  if (target.tls !== "prefer") return target.tls;
  const tls = { rejectUnauthorized: false };
  const { default: pg } = await import("pg");
  const probe = new pg.Client({ ...target, ssl: tls, connectionTimeoutMillis: 10_000 });
  probe.on("error", () => undefined);
  try {
    await probe.connect();
    return tls;
  } catch {
    // Whatever else is wrong will be said again by the first statement.
    return false;
  } finally {
    await probe.end().catch(() => undefined);
  }
}

async function openMysql(target: ServerDsn, options: OrmOptions, log?: Log): Promise<Database> {
  const { MikroORM } = await import("@mikro-orm/mysql");
  const { mysqlReader } = await import("./reader-mysql.ts");
  const { pool } = target;
  if (pool.lifetimeMs) log?.warn("max_conn_lifetime is not supported on MySQL");
  const ssl = await mysqlTls(target);
  const connection = {
    ...(target.socket ? { socketPath: target.socket } : { host: target.host, port: target.port }),
    user: target.user,
    password: target.password,
    database: target.database,
    charset: "utf8mb4",
    ...(ssl && { ssl }),
    connectionLimit: pool.max,
    maxIdle: pool.maxIdle,
    idleTimeout: pool.idleMs,
    connectTimeout: 10_000,
    // MySQL has a type for documents and its driver parses them; MariaDB has not. Text from both is one rule.
    jsonStrings: true,
  };
  const orm = new MikroORM({
    ...options,
    dbName: target.database,
    user: target.user,
    driverOptions: connection,
  });
  makeDialectBy(orm.em.getConnection(), pooled);
  await makeClient(orm);
  // A pool that was never used is not ended with the rest, and its timer keeps the process alive.
  const client = (await orm.em.getConnection().getNativeClient()) as unknown as MysqlPool;
  client.on("connection", (made) => evictWhenBroken(made, "query", (made as unknown as { stream: Duplex }).stream));
  const endPool = () => new Promise<void>((done) => client.end(() => done()));
  return assemble("mysql", orm, mysqlReader(connection as object), pooledWriter("mysql", builderOf(orm)), {
    after: endPool,
  });
}

/** Settles `preferred`: asks the server once whether it speaks TLS. */
async function mysqlTls(target: ServerDsn): Promise<SslOptions | undefined> {
  if (target.tls === "off" || target.socket) return undefined;
  if (target.tls !== "prefer") return target.tls as SslOptions;
  const ssl = { rejectUnauthorized: false };
  const { host, port, user, password, database } = target;
  try {
    const { createConnection } = await import("mysql2/promise");
    const probe = await createConnection({ host, port, user, password, database, ssl, connectTimeout: 10_000 });
    await probe.end();
    return ssl;
  } catch {
    return undefined;
  }
}

interface MakesDialect {
  createKyselyDialect(options: Record<string, unknown>): KyselyDialect | Promise<KyselyDialect>;
}

/** Has a connection of the mapper make its dialect in another way. */
function makeDialectBy(connection: MakesDialect, better: (dialect: KyselyDialect) => KyselyDialect): void {
  const make = connection.createKyselyDialect.bind(connection);
  connection.createKyselyDialect = (options) => {
    const dialect = make(options);
    return (dialect instanceof Promise ? dialect.then(better) : better(dialect)) as never;
  };
}

/** Makes the pool before the first request: of many at once each would make one of its own. Nothing is connected yet. */
const makeClient = ({ em }: Orm): Promise<void> | void => em.getConnection().connect({ skipOnConnect: true });

interface Orm {
  em: { getConnection(): { getClient(): unknown; connect(options: { skipOnConnect: boolean }): void | Promise<void> } };
  close(): Promise<void>;
}

const builderOf = ({ em }: Orm) => em.getConnection().getClient() as Kysely<unknown>;

/** What one engine has and another has not. */
interface Peculiar {
  readonly listen?: Database["listen"];
  /** What there is left to end. */
  readonly after?: () => Promise<void>;
}

function assemble(dialect: Dialect, orm: Orm, reader: Reader, writer: Writer, { listen, after }: Peculiar): Database {
  const database: Database = {
    ...createExecutor(() => database, dialect, reader, writer),
    orm: orm as unknown as MikroORM,
    listen,
    get database() {
      return database;
    },
    async close() {
      await reader.close();
      await writer.close();
      await orm.close();
      await after?.();
    },
  };
  return database;
}
