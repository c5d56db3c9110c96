import { closeSync, openSync, writeSync } from "node:fs";
import { placeOf, type FileRow } from "./rows.ts";

/** Why a row was not made. */
export interface Failure {
  readonly row: FileRow;
  readonly key: string;
  readonly reason: string;
}

/** Tells of the rows that were not made. */
export interface Report {
  failed(failure: Failure): void;
  close(): void;
}

const mostTold = 20;

/** Tells of the first failures in words, and writes all of them into a file, if there is one: a line of JSON for each, with the row itself. */
export function reportTo(file: string | undefined, err: (line: string) => void): Report {
  // Rows may have passwords in them.
  const handle = file === undefined ? undefined : openSync(file, "w", 0o600);
  let count = 0;
  return {
    failed({ row, key, reason }) {
      count++;
      if (count <= mostTold) err(`${placeOf(row)}: ${reason}`);
      if (handle === undefined) return;
      const { file: of, number, json } = row;
      const line = { file: of, row: number, key, reason, ...(json !== undefined && { identity: json }) };
      writeSync(handle, `${JSON.stringify(line)}\n`);
    },
    close() {
      const more = count - mostTold;
      if (more > 0)
        err(
          `... and ${more} more${file === undefined ? ": --report <file> has them all." : `, all of them in ${file}.`}`,
        );
      if (handle !== undefined) closeSync(handle);
    },
  };
}
