/** The engines there are; MariaDB counts as MySQL, CockroachDB as PostgreSQL. */
export type Dialect = "sqlite" | "postgresql" | "mysql";

/**
 * A read or a write that is prepared once per connection.
 *
 * @example
 * const sessionEnds = statement("session_ends", "select expires_at from sessions where nid = ? and id = ?");
 * const [row] = await ctx.db.read<{ expires_at: number }>(sessionEnds, [ctx.tenant.id, id]);
 */
export interface Statement {
  readonly name: string;
  /** Placeholders are `?`, on every engine; a question mark elsewhere in the text would be taken for one. */
  readonly sql: string | Readonly<Record<Dialect, string>>;
}

/** Names a text, so that it is planned once. The same name must never stand for two texts. */
export function statement(name: string, sql: Statement["sql"]): Statement {
  return { name, sql };
}

const texts: Record<Dialect, Map<string, string>> = { sqlite: new Map(), postgresql: new Map(), mysql: new Map() };
const names = new Map<string, string>();

/** The name of the statement that has this text on PostgreSQL; undefined for texts that are none of ours. */
export const nameOf = (text: string): string | undefined => names.get(text);

/** The text of a statement as an engine takes it. */
export function sqlFor(dialect: Dialect, { name, sql }: Statement): string {
  let text = texts[dialect].get(name);
  if (text === undefined) {
    text = typeof sql === "string" ? sql : sql[dialect];
    let position = 0;
    if (dialect === "postgresql") {
      text = text.replaceAll("?", () => `$${++position}`);
      names.set(text, name);
    }
    texts[dialect].set(name, text);
  }
  return text;
}

const wrapped = new Map<string, string>();

/**
 * A read of PostgreSQL's whose rows are JSON: the driver takes up each answer's description column by column, which costs
 * more than reading the values, and a row of one column is soon described.
 */
export function inOneColumn(sql: string): string {
  const name = names.get(sql);
  if (name === undefined) return wrap(sql);
  let text = wrapped.get(name);
  if (text === undefined) {
    wrapped.set(name, (text = wrap(sql)));
    names.set(text, name);
  }
  return text;
}

const wrap = (sql: string): string => `select to_json(q)::text as row from (${sql}) q`;
