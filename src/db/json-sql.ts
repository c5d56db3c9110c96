import type { Dialect } from "./statement.ts";

/** A dialect's words for what the hot statements do with documents. */
export interface JsonSql {
  /** A document column as text. */
  text(column: string): string;
  /** A document column as a value inside of another document. */
  nested(column: string): string;
  /** Rows of a table as a JSON list of lists, in a subquery, the id first. Their order is not to be relied on. */
  rows(from: string, where: string, columns: readonly string[]): string;
  /** One column of a table as a JSON list. */
  values(from: string, where: string, column: string): string;
}

const words: Record<Dialect, JsonSql> = {
  sqlite: {
    text: (column) => column,
    nested: (column) => `json(${column})`,
    rows: (from, where, columns) =>
      `(select json_group_array(json_array(${columns.join(", ")})) from ${from} where ${where})`,
    values: (from, where, column) => `(select json_group_array(${column}) from ${from} where ${where})`,
  },
  postgresql: {
    text: (column) => `${column}::text`,
    nested: (column) => column,
    rows: (from, where, columns) =>
      `(select json_agg(json_build_array(${columns.join(", ")})) from ${from} where ${where})`,
    values: (from, where, column) => `(select json_agg(${column}) from ${from} where ${where})`,
  },
  mysql: {
    text: (column) => column,
    nested: (column) => `json_extract(${column}, '$')`,
    rows: (from, where, columns) =>
      `(select json_arrayagg(json_array(${columns.join(", ")})) from ${from} where ${where})`,
    values: (from, where, column) => `(select json_arrayagg(${column}) from ${from} where ${where})`,
  },
};

/** The words of a dialect. */
export const wordsOf = (dialect: Dialect): JsonSql => words[dialect];

/** Writes a statement for every dialect. */
export function inEveryDialect(write: (sql: JsonSql, dialect: Dialect) => string): Record<Dialect, string> {
  return {
    sqlite: write(words.sqlite, "sqlite"),
    postgresql: write(words.postgresql, "postgresql"),
    mysql: write(words.mysql, "mysql"),
  };
}

/** Words of our own as a list that a statement compares with. */
export const texts = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(", ");

/** A document as it came out of a row: text, but MySQL and MariaDB nest some documents as values and some as text. */
export function decodeJson<T>(column: unknown): T {
  return (typeof column === "string" ? JSON.parse(column) : column) as T;
}

/** A list made by `rows`, in the order of its ids. */
export function decodeRows(column: unknown): (readonly unknown[])[] {
  if (column === null || column === "[]") return [];
  const list = decodeJson<(readonly [string, ...unknown[]])[]>(column);
  return list.length < 2 ? list : list.sort(([a], [b]) => (a < b ? -1 : 1));
}
