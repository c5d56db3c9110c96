/** What runs within one transaction. */
export interface Statements {
  rows<Row>(sql: string, params: readonly unknown[]): Promise<Row[]>;
  /** How many rows were changed. */
  change(sql: string, params: readonly unknown[]): Promise<number>;
}

/** Writes to a database. What has been written is committed, and durable, when it returns. */
export interface Writer {
  /** Runs one statement on its own, and tells how many rows it changed. */
  alone(sql: string, params: readonly unknown[]): Promise<number>;
  /** Runs work in a transaction, once: what it throws undoes all that it wrote. */
  transaction<Result>(
    work: (statements: Statements) => Promise<Result>,
    isolationLevel?: "read committed",
  ): Promise<Result>;
  close(): Promise<void>;
}
