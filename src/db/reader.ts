/** Reads what is committed, beside all transactions, never what is under way. */
export interface Reader {
  /** Rows of a text. With a name it is prepared once, without one it is planned each time. */
  rows<Row>(name: string | undefined, sql: string, params: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}
