import { createConnection, createPool } from "mysql2/promise";
import type { PoolConnection, PoolOptions, ResultSetHeader, SslOptions } from "mysql2/promise";
import type { Duplex } from "node:stream";
import type { ServerDsn } from "./dsn.ts";
import type { Engine, Log } from "./engine.ts";
import { evictWhenBroken } from "./evict-connection.ts";
import { mysqlReader } from "./reader-mysql.ts";
import { pooledWriter } from "./writer-pooled.ts";
import type { PooledConnection } from "./writer-pooled.ts";

const connectMs = 10_000;

/** Opens a pool of MySQL's or MariaDB's. Nothing is connected yet. */
export async function openMysql(target: ServerDsn, log?: Log): Promise<Engine> {
  const { pool: limits } = target;
  if (limits.lifetimeMs) log?.warn("max_conn_lifetime is not supported on MySQL");
  const ssl = await tlsOf(target);
  const options: PoolOptions = {
    ...(target.socket ? { socketPath: target.socket } : { host: target.host, port: target.port }),
    user: target.user,
    password: target.password,
    database: target.database,
    charset: "utf8mb4",
    ...(ssl && { ssl }),
    connectionLimit: limits.max,
    maxIdle: limits.maxIdle,
    idleTimeout: limits.idleMs,
    connectTimeout: connectMs,
    // MySQL has a type for documents and its driver parses them; MariaDB has not. Text from both is one rule.
    jsonStrings: true,
  };
  const pool = createPool(options);
  pool.pool.on("connection", (made) => evictWhenBroken(made, "query", (made as unknown as { stream: Duplex }).stream));
  return {
    dialect: "mysql",
    native: pool,
    reader: mysqlReader(options),
    writer: pooledWriter({
      size: limits.max,
      take: async () => connectionOf(await pool.getConnection()),
      close: () => pool.end(),
    }),
  };
}

const connectionOf = (client: PoolConnection): PooledConnection => ({
  async begin(isolationLevel) {
    if (isolationLevel) await client.query(`set transaction isolation level ${isolationLevel}`, []);
    await client.query("begin", []);
  },
  end: async (how) => void (await client.query(how, [])),
  rows: async <Row>(sql: string, params: readonly unknown[]) =>
    (await client.query(sql, params.map(bindable)))[0] as Row[],
  change: async (sql, params) => ((await client.query(sql, params.map(bindable)))[0] as ResultSetHeader).affectedRows,
  release: () => client.release(),
});

function bindable(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "boolean" ? Number(value) : value;
}

/** Settles `preferred`: asks the server once whether it speaks TLS. */
async function tlsOf(target: ServerDsn): Promise<SslOptions | undefined> {
  if (target.tls === "off" || target.socket) return undefined;
  if (target.tls !== "prefer") return target.tls as SslOptions;
  const ssl = { rejectUnauthorized: false };
  const { host, port, user, password, database } = target;
  try {
    const probe = await createConnection({ host, port, user, password, database, ssl, connectTimeout: connectMs });
    await probe.end();
    return ssl;
  } catch {
    return undefined;
  }
}
