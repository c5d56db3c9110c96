import type { CommandCall } from "../command.ts";
import { formatOf } from "./format.ts";
import { selectionOf } from "./select.ts";
import { type Columns, nameOf, recordOf, tableOf } from "./table.ts";

/** Prints what a command was asked for, once it is there. */
export interface Printer {
  /** One thing: as `HEAD  value` lines, or as `data`, which is the row itself unless told otherwise. */
  row<Row>(columns: Columns<Row>, row: Row, data?: unknown): Promise<void>;
  /** Several things: as a table, or as `data`, which is the rows themselves unless told otherwise. */
  rows<Row>(columns: Columns<Row>, rows: readonly Row[], data?: unknown): Promise<void>;
  /** What is no table: in words of the command's own, or as data. */
  words(words: () => void, data: unknown): Promise<void>;
}

/** How a command prints. Made before it does its work, so that a path which cannot be read is told in time. */
export async function printerFor(call: CommandCall): Promise<Printer> {
  const format = formatOf(call);
  const select = await selectionOf(format);

  async function print(data: unknown): Promise<void> {
    const shown = select(data) ?? null;
    if (format.kind === "json") return call.out(JSON.stringify(shown));
    if (format.kind !== "yaml") return call.out(JSON.stringify(shown, undefined, 2));
    const { stringify } = await import("yaml");
    call.out(stringify(shown).trimEnd());
  }

  async function lines(quiet: () => readonly string[], table: () => readonly string[], data: unknown): Promise<void> {
    if (format.kind !== "quiet" && format.kind !== "table") return print(data);
    for (const line of format.kind === "quiet" ? quiet() : table()) call.out(line);
  }

  return {
    row: (columns, row, data = row) =>
      lines(
        () => [nameOf(columns, row)],
        () => recordOf(columns, row),
        data,
      ),
    rows: (columns, rows, data = rows) =>
      lines(
        () => rows.map((row) => nameOf(columns, row)),
        () => tableOf(columns, rows),
        data,
      ),
    async words(words, data) {
      if (format.kind === "table") words();
      else if (format.kind !== "quiet") await print(data);
    },
  };
}
