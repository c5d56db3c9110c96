import pg from "pg";
import { coalesceWrites, socketOf } from "./coalesce-writes.ts";
import type { ServerDsn } from "./dsn.ts";
import type { Engine, Log } from "./engine.ts";
import { evictWhenBroken } from "./evict-connection.ts";
import { listenOnPostgresql } from "./listen-postgresql.ts";
import { prepareByName } from "./prepare-by-name.ts";
import { postgresqlReader } from "./reader-postgresql.ts";
import { inOneColumn } from "./statement.ts";
import { pooledWriter } from "./writer-pooled.ts";
import type { PooledConnection } from "./writer-pooled.ts";

const connectMs = 10_000;

/** Opens a pool of PostgreSQL's. Nothing is connected yet. */
export async function openPostgresql(target: ServerDsn, log?: Log): Promise<Engine> {
  const connection: pg.ClientConfig = {
    host: target.socket ?? target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database,
    ssl: await tlsOf(target),
    application_name: "ostiary",
  };
  const { max, idleMs, lifetimeMs } = target.pool;
  const pool = new pg.Pool({
    ...connection,
    max,
    idleTimeoutMillis: idleMs,
    ...(lifetimeMs && { maxLifetimeSeconds: Math.ceil(lifetimeMs / 1000) }),
    connectionTimeoutMillis: connectMs,
  });
  // A server that drops a connection would end the process: who holds it hears of it by the statement that fails.
  const warn = ({ message }: Error) => log?.warn("a connection to the database has ended", { reason: message });
  pool.on("error", warn);
  pool.on("connect", (client) => {
    client.on("error", warn);
    coalesceWrites(socketOf(client));
    prepareByName(client);
    evictWhenBroken(client, "query", socketOf(client));
  });
  return {
    dialect: "postgresql",
    native: pool,
    cockroach: target.cockroach,
    reader: postgresqlReader(connection),
    writer: pooledWriter({
      size: max,
      take: async () => connectionOf(await pool.connect()),
      close: () => pool.end(),
    }),
    listen: target.cockroach ? undefined : listenOnPostgresql(connection),
  };
}

const connectionOf = (client: pg.PoolClient): PooledConnection => ({
  begin: async (isolationLevel) =>
    void (await client.query(isolationLevel ? `begin isolation level ${isolationLevel}` : "begin", [])),
  end: async (how) => void (await client.query(how, [])),
  async rows<Row>(sql: string, params: readonly unknown[]) {
    const { rows } = await client.query<{ row: string }>(inOneColumn(sql), params.map(bindable));
    return rows.map(({ row }) => JSON.parse(row) as Row);
  },
  change: async (sql, params) => (await client.query(sql, params.map(bindable))).rowCount ?? 0,
  release: () => client.release(),
});

const bindable = (value: unknown): unknown => (value instanceof Date ? value.getTime() : value);

/** Settles `prefer`: asks the server once whether it speaks TLS. */
async function tlsOf(target: ServerDsn): Promise<pg.ClientConfig["ssl"]> {
  if (target.tls === "off" || target.socket) return false;
  if (target.tls !== "prefer") return target.tls;
  const tls = { rejectUnauthorized: false };
  const probe = new pg.Client({ ...target, ssl: tls, connectionTimeoutMillis: connectMs });
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
