import type { JsonSql } from "./json-sql.ts";
import type { Column, RowOf, Table } from "./table.ts";

// The tenant is known before anything is read.
const shown = ({ columns }: Table) => columns.filter(({ property }) => property !== "nid");

/** The columns of a table under an alias, for `decoderOf`. A prefix keeps them apart from those of another table. */
export const selectList = ({ text }: JsonSql, table: Table, alias: string, prefix = ""): string =>
  shown(table)
    .map(({ name, kind }) =>
      kind === "json"
        ? `${text(`${alias}.${name}`)} as ${prefix}${name}`
        : `${alias}.${name}${prefix && ` as ${prefix}${name}`}`,
    )
    .join(", ");

/** The columns of a table under an alias, as a list inside of a document, for `memberDecoderOf`. */
export const members = ({ nested }: JsonSql, table: Table, alias: string): string[] =>
  shown(table).map(({ name, kind }) => (kind === "json" ? nested(`${alias}.${name}`) : `${alias}.${name}`));

/** What values become that a driver does not tell from others. Null stays null. */
export interface Decoding {
  instant(ms: number): unknown;
  /** Of text; inside of another document, some engines nest some documents as values. */
  json(value: unknown): unknown;
}

/** As rows have them. */
const whole: Decoding = {
  instant: (ms) => new Date(ms),
  json: (value) => (typeof value === "string" ? JSON.parse(value) : value),
};

/** Makes what turns the columns that `selectList` selects into a row. */
export const decoderOf = <C, Row = RowOf<Table<C>>>(
  table: Table<C>,
  prefix = "",
  decoding = whole,
): ((selected: object) => Row) => write(table, ({ name }) => `from.${prefix}${name}`, decoding);

/** Makes what turns a list of `members` into a row. */
export const memberDecoderOf = <C, Row = RowOf<Table<C>>>(
  table: Table<C>,
  decoding = whole,
): ((values: readonly unknown[]) => Row) => write(table, (_, at) => `from[${at}]`, decoding);

/**
 * Writes a function that makes rows, as one would by hand: a loop over the columns takes three times as long, and a list of
 * accounts is hardly anything else. All names are those of entities.
 */
function write<From, Row>(
  table: Table,
  place: (column: Column, at: number) => string,
  { instant, json }: Decoding,
): (from: From) => Row {
  const properties = shown(table).map((column, at) => `${column.property}: ${valueCode(column, place(column, at))}`);
  // oxlint-disable-next-line no-new-func
  return new Function("instant", "json", `return (from) => ({ ${properties.join(", ")} });`)(instant, json) as (
    from: From,
  ) => Row;
}

function valueCode({ kind }: Column, value: string): string {
  if (kind === "instant") return `${value} === null ? null : instant(Number(${value}))`;
  if (kind === "boolean") return `Boolean(${value})`;
  return kind === "json" ? `${value} === null ? null : json(${value})` : value;
}

/** Turns a value of a row into what is bound. Moments and booleans go as they are: each connection knows its engine's way. */
export const encode = (kind: Column["kind"], value: unknown): unknown =>
  value === undefined ? null : kind === "json" && value !== null ? JSON.stringify(value) : value;
