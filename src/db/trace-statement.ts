import { activeSpan, traced } from "../tracing/active-span.ts";
import type { Dialect } from "./statement.ts";

/** Does what a statement asks for, in a span that has its name. Values are told nowhere. */
export function tracedStatement<T>(
  dialect: Dialect,
  { name, sql }: { readonly name: string | undefined; readonly sql: string },
  work: () => Promise<T>,
): Promise<T> {
  // Few calls are recorded, and nothing is made of names for the others.
  if (!activeSpan()?.isRecorded) return work();
  const summary = name ?? summaryOf(sql);
  return traced(
    summary,
    { kind: "client", attributes: { "db.system.name": dialect, "db.query.summary": summary } },
    work,
  );
}

/** Does work in a transaction, in a span. */
export const tracedTransaction = <T>(dialect: Dialect, work: () => Promise<T>): Promise<T> =>
  traced(
    "transaction",
    { kind: "client", attributes: { "db.system.name": dialect, "db.operation.name": "transaction" } },
    work,
  );

/** What a query does, and to which table: queries are built of names that are the server's own. */
function summaryOf(sql: string): string {
  const [, verb = "query"] = /^\s*(\w+)/.exec(sql) ?? [];
  const [, table = ""] = /\b(?:from|into|update)\s+["`]?(\w+)/i.exec(sql) ?? [];
  return `${verb.toLowerCase()} ${table}`.trimEnd();
}
