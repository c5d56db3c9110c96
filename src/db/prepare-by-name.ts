import type pg from "pg";
import { nameOf } from "./statement.ts";

type Query = (text: unknown, values?: unknown, ...rest: unknown[]) => unknown;

/**
 * Lets a connection of PostgreSQL's pool keep our writes once it has prepared them: the mapper gives them no names, and a
 * text without a name is parsed and planned each time, which takes longer than to add a row.
 */
export function prepareByName(client: pg.PoolClient): void {
  const query = client.query.bind(client) as Query;
  client.query = ((text: unknown, values?: unknown, ...rest: unknown[]) => {
    const name = typeof text === "string" && Array.isArray(values) ? nameOf(text) : undefined;
    return name === undefined ? query(text, values, ...rest) : query({ name, text, values }, ...rest);
  }) as typeof client.query;
}
