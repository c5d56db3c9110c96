import type { ComponentChildren } from "preact";
import { Loading } from "./notes.tsx";

/** A column of a table. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Whether it holds figures, or buttons: they stand at the end. */
  readonly isEnd?: boolean;
  /** Whether it names the row. */
  readonly isName?: boolean;
}

/** What a table shows. */
export interface TableProps<Row> {
  /** What is listed, for who does not see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[] | undefined;
  readonly keyOf: (row: Row) => string;
  readonly isLoading?: boolean;
  /** What is shown in place of no rows. */
  readonly empty: ComponentChildren;
}

/** A table; where there is no room for columns, each row becomes a card. */
export function Table<Row>({ caption, columns, rows, keyOf, isLoading, empty }: TableProps<Row>) {
  if (!rows) return isLoading ? <Loading lines={6} /> : null;
  if (!rows.length) return <>{empty}</>;
  return (
    <table role="table" aria-label={caption} aria-busy={isLoading ? "true" : undefined}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, isEnd }) => (
            <th key={head} role="columnheader" scope="col" class={isEnd ? "end" : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ head, cell, isEnd, isName }) => (
              <td key={head} role="cell" data-head={head} class={isEnd ? "end" : isName ? "name" : undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
