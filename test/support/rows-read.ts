import type Sqlite from "better-sqlite3";
import mysql from "mysql2/promise";
import pg from "pg";
import type { Database } from "../../src/db/connection.ts";
import { growing } from "./filled.ts";

/** What a statement that was heard is asked for anew: its text and its parameters. */
export interface Heard {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** How much of a table that grows a statement goes through. */
export interface Reading {
  /** How many rows are touched; unknown on SQLite, which tells only that it goes through all of them, or of a tenant's. */
  readonly rows: number;
  /** The plan, for people. */
  readonly plan: string;
}

/** Runs statements as they were heard, in transactions that are undone, and tells what they go through. */
export interface Gauge {
  read(heard: Heard): Promise<Reading>;
  close(): Promise<void>;
}

/** The gauge of an engine, on a database that is open. */
export async function openGauge(database: Database, dsn: string): Promise<Gauge> {
  if (database.native.dialect === "sqlite") return gaugeOfSqlite(database.native.native);
  const gauge = await (database.dialect === "postgresql" ? gaugeOfPostgresql(dsn) : gaugeOfMysql(dsn));
  return { ...gauge, read: (heard) => retryDeadlocks(() => gauge.read(heard)) };
}

/** The workers of the server go on meanwhile, and may want the same rows. */
async function retryDeadlocks(read: () => Promise<Reading>): Promise<Reading> {
  for (let left = 4; ; left--) {
    const reading = await read().catch((error: { code?: string }) => {
      if (!["ER_LOCK_DEADLOCK", "40P01"].includes(error.code ?? "") || left === 0) throw error;
    });
    if (reading) return reading;
  }
}

const bound = ({ params }: Heard): unknown[] =>
  params.map((value) => (value instanceof Date ? value.getTime() : value));

/** A node of PostgreSQL's plan. */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows"?: number;
  readonly "Actual Loops"?: number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly PlanNode[];
}

async function gaugeOfPostgresql(dsn: string): Promise<Gauge> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  // Whether an index leads to the rows is asked here, not whether a table is so small that it is read whole.
  for (const way of ["seqscan", "hashjoin", "mergejoin"]) await client.query(`set enable_${way} = off`);
  const touched = (node: PlanNode): number => {
    const own = node["Node Type"].includes("Scan") && growing.includes(node["Relation Name"] ?? "");
    const rows =
      (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
    return (
      (own ? rows * (node["Actual Loops"] ?? 0) : 0) + (node.Plans ?? []).reduce((sum, one) => sum + touched(one), 0)
    );
  };
  return {
    async read(heard) {
      await client.query("begin");
      try {
        const { rows } = await client.query(`explain (analyze, format json) ${heard.sql}`, bound(heard));
        const [{ Plan: plan }] = rows[0]["QUERY PLAN"] as [{ Plan: PlanNode }];
        return { rows: touched(plan), plan: JSON.stringify(plan) };
      } finally {
        await client.query("rollback");
      }
    },
    close: () => client.end(),
  };
}

async function gaugeOfMysql(dsn: string): Promise<Gauge> {
  const connection = await mysql.createConnection({ uri: dsn });
  return {
    read: (heard) => readOnce(connection, heard),
    close: () => connection.end(),
  };
}

async function readOnce(connection: mysql.Connection, heard: Heard): Promise<Reading> {
  const [plan] = await connection.query(`explain ${heard.sql}`, bound(heard));
  await connection.query("begin");
  try {
    await connection.query("flush status");
    await connection.query(heard.sql, bound(heard));
    const [counters] = await connection.query<mysql.RowDataPacket[]>(
      "show session status where variable_name in ('Handler_read_key', 'Handler_read_next', 'Handler_read_prev', 'Handler_read_first', 'Handler_read_rnd_next', 'Handler_icp_attempts')",
    );
    const rows = counters.reduce((sum, { Value: value }) => sum + Number(value), 0);
    return { rows, plan: JSON.stringify(plan) };
  } finally {
    await connection.query("rollback");
  }
}

const reference =
  /\b(?:from|join|update)\s+"?(\w+)"?(?:\s+(?:as\s+)?(?!(?:where|set|on|order|left|join|group|limit)\b)"?(\w+)"?)?/g;

function gaugeOfSqlite(handle: Sqlite.Database): Gauge {
  return {
    async read(heard) {
      const steps: { readonly detail: string }[] = handle
        .prepare<unknown[], { detail: string }>(`explain query plan ${heard.sql}`)
        .all(...bound(heard).map((value) => (typeof value === "boolean" ? Number(value) : value)));
      const names = new Map([...heard.sql.matchAll(reference)].map(([, table, alias]) => [alias ?? table, table!]));
      const sorted = steps.some(({ detail }) => detail.includes("TEMP B-TREE FOR ORDER BY"));
      const whole = steps.filter(({ detail }) => {
        const [, verb, name] = /^(SCAN|SEARCH) (\w+)/.exec(detail) ?? [];
        if (!name || !growing.includes(names.get(name) ?? name)) return false;
        // What is already in order is read as far as the limit goes.
        const limited = /\blimit\b/.test(heard.sql) && !sorted;
        return !limited && (verb === "SCAN" || detail.endsWith("(nid=?)"));
      });
      const plan = steps.map(({ detail }) => detail).join("; ");
      return { rows: whole.length > 0 ? Infinity : 0, plan };
    },
    close: async () => undefined,
  };
}
