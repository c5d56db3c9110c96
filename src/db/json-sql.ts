import type { Dialect } from "./statement.ts";

/** A dialect's words for what the hot statements do with documents. */
export interface JsonSql {
  /** A document column as text. */
  text(column: string): string;
  /** A document column as a value inside of another document. */
  nested(column: string): string;
  /** Rows of a table as a JSON list of objects, in a subquery. Its order is not to be relied on. */
  objects(from: string, where: string, members: Readonly<Record<string, string>>): string;
  /** One column of a table as a JSON list. */
  values(from: string, where: string, column: string): string;
}

const pairs = (members: Readonly<Record<string, string>>): string =>
  Object.entries(members)
    .map(([name, column]) => `'${name}', ${column}`)
    .join(", ");

const words: Record<Dialect, JsonSql> = {
  sqlite: {
    text: (column) => column,
    nested: (column) => `json(${column})`,
    objects: (from, where, members) =>
      `(select json_group_array(json_object(${pairs(members)})) from ${from} where ${where})`,
    values: (from, where, column) => `(select json_group_array(${column}) from ${from} where ${where})`,
  },
  postgresql: {
    text: (column) => `${column}::text`,
    nested: (column) => column,
    objects: (from, where, members) =>
      `(select json_agg(json_build_object(${pairs(members)})) from ${from} where ${where})`,
    values: (from, where, column) => `(select json_agg(${column}) from ${from} where ${where})`,
  },
  mysql: {
    text: (column) => column,
    nested: (column) => `json_extract(${column}, '$')`,
    objects: (from, where, members) =>
      `(select json_arrayagg(json_object(${pairs(members)})) from ${from} where ${where})`,
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

/** A list made by `objects`, in the order of its ids. */
export function decodeObjects<T extends { id: string }>(column: unknown): T[] {
  const list = decodeJson<T[] | null>(column) ?? [];
  return list.length < 2 ? list : list.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A moment as it came out of a row. */
export function decodeInstant(column: number | null): Date | null {
  return column === null ? null : new Date(Number(column));
}
