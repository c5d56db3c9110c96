import type { Database } from "./connection.ts";
import type { Native } from "./native.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** What a database is spoken to by, opened. */
export type Engine = Native & {
  readonly reader: Reader;
  readonly writer: Writer;
  readonly listen?: Database["listen"] | undefined;
  /** Ends what is left once reader and writer are closed. */
  close?(): Promise<void>;
};

/** Where warnings of the database layer go. */
export interface Log {
  warn(event: string, fields?: Record<string, unknown>): void;
}
