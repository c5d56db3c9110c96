/** The engines there are; MariaDB counts as MySQL, CockroachDB as PostgreSQL. */
export type Dialect = "sqlite" | "postgresql" | "mysql";

/** One read that is prepared once per connection. */
export interface Statement {
  readonly name: string;
  /** Placeholders are `?`, on every engine; a question mark elsewhere in the text would be taken for one. */
  readonly sql: string | Readonly<Record<Dialect, string>>;
}

/** Names a read, so that it is planned once. The same name must never stand for two texts. */
export function statement(name: string, sql: Statement["sql"]): Statement {
  return { name, sql };
}

/**
 * Runs prepared reads beside the units of work: it sees what is committed, never what is under way. Rows come as columns
 * in snake_case; moments are numbers, booleans are 0, 1 or a boolean, documents are JSON text on every engine (on
 * PostgreSQL because the statement casts them).
 */
export interface Reader {
  read<Row>(statement: Statement, params: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const texts = new Map<string, string>();
const names = new Map<string, string>();

/** The name of the statement that has this text on PostgreSQL; undefined for texts that are none of ours. */
export const nameOf = (text: string): string | undefined => names.get(text);

/** The text of a statement as an engine takes it. */
export function sqlFor(dialect: Dialect, { name, sql }: Statement): string {
  const key = `${dialect} ${name}`;
  let text = texts.get(key);
  if (text === undefined) {
    text = typeof sql === "string" ? sql : sql[dialect];
    let position = 0;
    if (dialect === "postgresql") {
      text = text.replaceAll("?", () => `$${++position}`);
      names.set(text, name);
    }
    texts.set(key, text);
  }
  return text;
}
