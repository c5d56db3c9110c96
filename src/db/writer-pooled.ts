import { CompiledQuery, type Kysely } from "kysely";
import { type Dialect, inOneColumn } from "./statement.ts";
import type { Statements, Writer } from "./writer.ts";

/** Writes over the pool of a database server: each transaction over a connection of its own. */
export function pooledWriter(dialect: Exclude<Dialect, "sqlite">, kysely: Kysely<unknown>): Writer {
  return {
    alone: (sql, params) => statements(dialect, kysely).change(sql, params),
    transaction(work, isolationLevel) {
      const begun = isolationLevel ? kysely.transaction().setIsolationLevel(isolationLevel) : kysely.transaction();
      return begun.execute((transaction) => work(statements(dialect, transaction)));
    },
    async close() {},
  };
}

function statements(dialect: Dialect, executor: Kysely<unknown>): Statements {
  const values = (params: readonly unknown[]) => params.map((value) => bindable(dialect, value));
  return {
    async rows<Row>(sql: string, params: readonly unknown[]): Promise<Row[]> {
      if (dialect !== "postgresql")
        return (await executor.executeQuery<Row>(CompiledQuery.raw(sql, values(params)))).rows;
      const query = CompiledQuery.raw(inOneColumn(sql), values(params));
      const { rows } = await executor.executeQuery<{ row: string }>(query as CompiledQuery<{ row: string }>);
      return rows.map(({ row }) => JSON.parse(row) as Row);
    },
    async change(sql, params) {
      const { numAffectedRows } = await executor.executeQuery(CompiledQuery.raw(sql, values(params)));
      return Number(numAffectedRows ?? 0);
    },
  };
}

function bindable(dialect: Dialect, value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "boolean" && dialect !== "postgresql" ? Number(value) : value;
}
