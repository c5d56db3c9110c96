import type { EntityManager } from "@mikro-orm/core";
import type { AbstractSqlConnection } from "@mikro-orm/sql";
import { CompiledQuery } from "kysely";
import type { Kysely } from "kysely";
import { standingAlone } from "./retry.ts";
import { type Dialect, sqlFor, type Statement } from "./statement.ts";

/**
 * Runs a write of the hot paths in the transaction that a unit of work is in, or on its own, past the mapper: the text
 * stays the same, so that it is prepared once, and values travel beside it. Tells how many rows it changed. Documents are
 * given as JSON text, moments and booleans as they are. On its own it is tried again when other writers got in its way.
 */
export async function write(dialect: Dialect, em: EntityManager, statement: Statement, params: readonly unknown[]): Promise<number> {
  const connection = em.getConnection("write") as AbstractSqlConnection;
  await connection.ensureConnection();
  const query = CompiledQuery.raw(sqlFor(dialect, statement), params.map((value) => bindable(dialect, value)));
  const transaction = em.getTransactionContext<Kysely<unknown>>();
  const run = async (executor: Kysely<unknown>) => Number((await executor.executeQuery(query)).numAffectedRows ?? 0);
  // Within a transaction a conflict has undone all of it: whoever began it has to begin again.
  return transaction ? run(transaction) : standingAlone(() => run(connection.getClient()));
}

function bindable(dialect: Dialect, value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "boolean" && dialect !== "postgresql" ? Number(value) : value;
}

/** The statement that adds a row with these columns. */
export const insertInto = (table: string, columns: readonly string[]): Statement => ({
  name: `insert_${table}`,
  sql: `insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`,
});
