import type { EntitySchema } from "@mikro-orm/core";
import type { OperationNodeSource } from "kysely";
import type { Tenant } from "../tenant.ts";
import type { Native } from "./native.ts";
import type { Dialect, Statement } from "./statement.ts";

/**
 * What speaks to a database: all of it, or one transaction. It is spoken to in two ways: by statements, which are written
 * once and prepared by name, and by queries, which are built each time (`query.ts`).
 */
export interface Connection {
  readonly dialect: Dialect;
  /** The database that this speaks to: what is remembered of it in memory hangs on it. */
  readonly database: Database;
  /**
   * Reads by a statement. Rows come as columns in snake_case; moments are numbers, booleans are 0, 1 or a boolean, documents
   * are JSON text on every engine, as `selectList` selects them. Outside of a transaction it sees what is committed.
   */
  read<Row>(statement: Statement, params: readonly unknown[]): Promise<Row[]>;
  /** Writes by a statement, and tells how many rows it changed. Documents are given as JSON text, all else as it is. */
  write(statement: Statement, params: readonly unknown[]): Promise<number>;
  /** Reads by a query. */
  find<Row>(query: OperationNodeSource): Promise<Row[]>;
  /** Writes by a query, and tells how many rows it changed. */
  change(query: OperationNodeSource): Promise<number>;
  /** Does work in a transaction, and again from the start when others got in its way; within one, as a part of it. */
  transaction<Result>(work: (connection: Connection) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
  /** Does more in the transaction once all else is done in it. Outside of one there is no such end. */
  beforeCommit(work: () => Promise<void>): void;
  /** Calls back once all that was written is committed: at once, outside of a transaction. */
  onceCommitted(listener: () => void): void;
  /**
   * Does more once the transaction is over, its connection is given back, and before whoever began it goes on. Where it is
   * told that nothing was committed, that may be so, or nobody knows. It must not fail.
   */
  onceOver(work: (committed: boolean) => Promise<void>): void;
}

/** How a transaction is kept apart from others. */
export interface TransactionOptions {
  readonly isolationLevel?: "read committed";
}

/** An open database. */
export interface Database extends Connection {
  /** The driver's own handle or pool, for those who change the schema. */
  readonly native: Native;
  /** The descriptions of its tables: what belongs to another comes after that. */
  readonly entities: readonly EntitySchema[];
  /**
   * Hears what is told on a channel (`tell`), by one connection for all who listen that is made anew when it breaks: on PostgreSQL
   * itself, and undefined elsewhere. What was told while there was no connection is lost.
   */
  readonly listen: ((channel: string, listener: Listener) => Subscription) | undefined;
  close(): Promise<void>;
}

/** What somebody who listens is called back for. */
export interface Listener {
  hear(payload: string): void;
  /** Something can be heard from now on, or no more. */
  changed?(): void;
}

/** Somebody who listens. */
export interface Subscription {
  /** Whether there is a connection by which something could be heard. */
  listens(): boolean;
  close(): Promise<void>;
}

/** Whose rows are spoken about, and over which connection. A request's context is one. */
export interface Reach {
  readonly db: Connection;
  readonly tenant: Tenant;
}
