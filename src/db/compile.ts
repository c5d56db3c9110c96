import { MysqlQueryCompiler, PostgresQueryCompiler, SqliteQueryCompiler } from "kysely";
import type { OperationNodeSource, QueryCompiler, QueryId, RootOperationNode } from "kysely";
import { snakeCase } from "./snake-case.ts";
import type { Dialect } from "./statement.ts";

/** Has a compiler write properties as the columns that they are. Every name in a query is one of ours. */
const inSnakeCase = (compiler: QueryCompiler): QueryCompiler =>
  Object.assign(compiler, { sanitizeIdentifier: snakeCase });

const compilers: Record<Dialect, QueryCompiler> = {
  sqlite: inSnakeCase(new SqliteQueryCompiler()),
  postgresql: inSnakeCase(new PostgresQueryCompiler()),
  mysql: inSnakeCase(new MysqlQueryCompiler()),
};

const id: QueryId = { queryId: "" };

/** Writes a query down in a dialect. */
export function compile(
  dialect: Dialect,
  query: OperationNodeSource,
): { readonly sql: string; readonly params: readonly unknown[] } {
  const { sql, parameters } = compilers[dialect].compileQuery(query.toOperationNode() as RootOperationNode, id);
  return { sql, params: parameters };
}
