import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from "kysely";
import type {
  AliasedExpression,
  DeleteQueryBuilder,
  DeleteResult,
  SelectQueryBuilder,
  UpdateQueryBuilder,
  UpdateResult,
} from "kysely";
import type { Reach } from "./connection.ts";
import { wordsOf } from "./json-sql.ts";
import type { Dialect, Statement } from "./statement.ts";
import { decoderOf, encode } from "./row.ts";
import type { Changes, NewRow, RowOf, Table } from "./table.ts";

/** What the query builder knows of the one table that a query is about. */
interface About<C> {
  row: C;
}

/** Which rows are read, in which order, and how many. */
export type Selecting<C> = (
  query: SelectQueryBuilder<About<C>, "row", object>,
) => SelectQueryBuilder<About<C>, "row", object>;

/** Which rows are changed. */
export type Changing<C> = (
  query: UpdateQueryBuilder<About<C>, "row", "row", UpdateResult>,
) => UpdateQueryBuilder<About<C>, "row", "row", UpdateResult>;

/** Which rows are removed. */
export type Removing<C> = (
  query: DeleteQueryBuilder<About<C>, "row", DeleteResult>,
) => DeleteQueryBuilder<About<C>, "row", DeleteResult>;

/** Builds queries of every dialect: none is run by it, and each connection writes them down in its own words. */
const builder = new Kysely<About<{ nid: string }>>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Reads rows of a tenant: `find(ctx, sessions, (query) => query.where("identityId", "=", id))`. */
export async function find<C>({ db, tenant }: Reach, table: Table<C>, which: Selecting<C>): Promise<RowOf<Table<C>>[]> {
  const query = builder.selectFrom(nameIn(table)).where("nid", "=", tenant.id).select(selectionOf(db.dialect, table));
  const rows = await db.find<Record<string, unknown>>(which(query as never));
  return rows.map(decoderFor(table));
}

/** Changes rows of a tenant, and tells how many there were. */
export function change<C>(
  { db, tenant }: Reach,
  table: Table<C>,
  changes: Changes<C>,
  which: Changing<C>,
): Promise<number> {
  const values = Object.fromEntries(
    table.columns.flatMap(({ property, kind }) => {
      const value = changes[property as keyof Changes<C>];
      return value === undefined ? [] : [[property, encode(kind, value)]];
    }),
  );
  const query = builder.updateTable(nameIn(table)).set(values).where("nid", "=", tenant.id);
  return db.change(which(query as never));
}

/** Removes rows of a tenant, and tells how many there were. */
export const remove = <C>({ db, tenant }: Reach, table: Table<C>, which: Removing<C>): Promise<number> =>
  db.change(which(builder.deleteFrom(nameIn(table)).where("nid", "=", tenant.id) as never));

/** Adds rows to a table, for a tenant. What one leaves out that another names is null. In a transaction, all of them or none. */
export async function insert<C>({ db, tenant }: Reach, table: Table<C>, rows: readonly NewRow<C>[]): Promise<void> {
  for (let from = 0, count: number; from < rows.length; from += count) {
    // In pieces of so few sizes that each text is met again, and need not be planned.
    count = Math.min(mostAtOnce, 2 ** Math.floor(Math.log2(rows.length - from)));
    const piece = rows.slice(from, from + count);
    const { columns, statement } = insertionOf(table, piece);
    const values: unknown[] = [];
    for (const row of piece)
      for (const { property, kind } of columns)
        values.push(property === "nid" ? tenant.id : encode(kind, row[property as keyof NewRow<C>]));
    await db.write(statement, values);
  }
}

const mostAtOnce = 64;

const decoders = new WeakMap<Table, (selected: object) => never>();

function decoderFor<C>(table: Table<C>): (selected: object) => RowOf<Table<C>> {
  const decode = decoders.get(table) ?? (decoderOf(table) as (selected: object) => never);
  decoders.set(table, decode);
  return decode;
}

const nameIn = ({ name }: Table) => name as "row";

const selections = new Map<string, AliasedExpression<unknown, string>[]>();

/** The columns of a table, documents as text. */
function selectionOf(dialect: Dialect, { name: of, columns }: Table): AliasedExpression<unknown, string>[] {
  const key = `${dialect} ${of}`;
  const known = selections.get(key);
  if (known) return known;
  const { text } = wordsOf(dialect);
  const selection = columns
    .filter(({ property }) => property !== "nid")
    .map(({ name, kind }) => sql.raw(kind === "json" ? text(name) : name).as(name));
  selections.set(key, selection);
  return selection;
}

interface Insertion {
  readonly columns: Table["columns"];
  readonly statement: Statement;
}

const insertions = new Map<string, Insertion>();

/** The statement that adds so many rows with the columns that they name: the same text each time, so that it is prepared once. */
function insertionOf<C>(table: Table<C>, rows: readonly NewRow<C>[]): Insertion {
  let key = `${table.name} ${rows.length} `;
  for (const { property } of table.columns) key += isNamed(property, rows) ? "1" : "0";
  let found = insertions.get(key);
  if (!found) {
    const columns = table.columns.filter(({ property }) => isNamed(property, rows));
    const marks = `(${columns.map(() => "?").join(", ")})`;
    const names = columns.map(({ name }) => name).join(", ");
    const sql = `insert into ${table.name} (${names}) values ${Array.from(rows, () => marks).join(", ")}`;
    found = { columns, statement: { name: `insert_${table.name}_${insertions.size}`, sql } };
    insertions.set(key, found);
  }
  return found;
}

const isNamed = (property: string, rows: readonly object[]): boolean =>
  property === "nid" || rows.some((row) => property in row);
