import { stripVTControlCharacters } from "node:util";

/** The columns of a table: what is written above each, and what of a row stands in it. The first is what names a row. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string | number | boolean | undefined>>;

/** The lines of a table with a head. */
export function tableOf<Row>(columns: Columns<Row>, rows: readonly Row[]): string[] {
  const cells = [Object.keys(columns), ...rows.map((row) => cellsOf(columns, row))];
  const widths = Object.keys(columns).map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  return cells.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join("  ")
      .trimEnd(),
  );
}

/** The lines that tell of one row: a column each. */
export function recordOf<Row>(columns: Columns<Row>, row: Row): string[] {
  const heads = Object.keys(columns);
  const width = Math.max(...heads.map((head) => head.length));
  return cellsOf(columns, row).map((cell, at) => `${heads[at]!.padEnd(width)}  ${cell}`.trimEnd());
}

/** One line of a table that nobody knows the end of: nothing is padded, and what is empty is a dash. */
export const lineOf = <Row>(columns: Columns<Row>, row: Row): string =>
  cellsOf(columns, row)
    .map((cell) => cell || "-")
    .join("  ");

/** What names a row. */
export const nameOf = <Row>(columns: Columns<Row>, row: Row): string => plain(Object.values(columns)[0]!(row));

const cellsOf = <Row>(columns: Columns<Row>, row: Row): string[] =>
  Object.values(columns).map((cell) => plain(cell(row)));

// What people have called themselves must not move the cursor of whoever reads it, nor look like another row.
const plain = (value: unknown): string =>
  stripVTControlCharacters(String(value ?? "")).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
