import type { JsonSql } from "./json-sql.ts";
import type { Column, RowOf, Table } from "./table.ts";

// The tenant is known before anything is read.
const shown = ({ columns }: Table) => columns.filter(({ property }) => property !== "nid");

/** The columns of a table under an alias, for `decodeRow`. A prefix keeps them apart from those of another table. */
export const selectList = ({ text }: JsonSql, table: Table, alias: string, prefix = ""): string =>
  shown(table)
    .map(({ name, kind }) => (kind === "json" ? `${text(`${alias}.${name}`)} as ${prefix}${name}` : `${alias}.${name}${prefix && ` as ${prefix}${name}`}`))
    .join(", ");

/** The columns of a table under an alias, as members of an object inside of a document, for `decodeMember`. */
export const members = ({ nested }: JsonSql, table: Table, alias: string): Record<string, string> =>
  Object.fromEntries(shown(table).map(({ property, name, kind }) => [property, kind === "json" ? nested(`${alias}.${name}`) : `${alias}.${name}`]));

/** Turns the columns that `selectList` selects into a row. */
export function decodeRow<C>(table: Table<C>, selected: Readonly<Record<string, unknown>>, prefix = ""): RowOf<Table<C>> {
  const row: Record<string, unknown> = {};
  for (const { property, name, kind } of table.columns) if (property !== "nid") row[property] = decode(kind, selected[prefix + name]);
  return row as RowOf<Table<C>>;
}

/** Turns an object made of `members` into a row. */
export function decodeMember<C>(table: Table<C>, member: object): RowOf<Table<C>> {
  const row: Record<string, unknown> = {};
  for (const { property, kind } of table.columns) if (property !== "nid") row[property] = decode(kind, (member as Record<string, unknown>)[property]);
  return row as RowOf<Table<C>>;
}

function decode(kind: Column["kind"], value: unknown): unknown {
  if (kind === "plain" || value === null || value === undefined) return value ?? null;
  if (kind === "instant") return new Date(Number(value));
  if (kind === "boolean") return Boolean(value);
  // Inside of a document, MySQL and MariaDB nest some documents as values and some as text.
  return typeof value === "string" ? JSON.parse(value) : value;
}

/** Turns a value of a row into what is bound. Moments and booleans go as they are: each connection knows its engine's way. */
export const encode = (kind: Column["kind"], value: unknown): unknown =>
  value === undefined ? null : kind === "json" && value !== null ? JSON.stringify(value) : value;
