import { randomUUID } from "node:crypto";
import type { Connection, Database } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { isOneOf } from "../db/row-keys.ts";
import { decoderOf, selectList } from "../db/row.ts";
import { type Statement, statement } from "../db/statement.ts";
import type { RowOf, Table } from "../db/table.ts";
import type { Tenant } from "../tenant.ts";

/** A table whose rows wait for a worker. */
export interface Queue<Row> {
  readonly table: Table;
  readonly set: string;
  decode(selected: object): Row;
}

/** Makes a queue of a table: beside `id` and `nid` its rows have `due_at`, `lease_id` and `updated_at`. What else is set of a row that is taken is said in SQL. */
export const queueOf = <C>(table: Table<C>, set = ""): Queue<RowOf<Table<C>>> => ({
  table,
  set,
  decode: decoderOf(table),
});

/** Which of the rows that are due are taken, in SQL about `q`, and its parameters. The same words go by the same name. */
export interface Choice {
  readonly name: string;
  readonly condition: string;
  readonly params: readonly unknown[];
}

/** A row that a worker has taken, as it was before. */
export interface Taken<Row> {
  readonly tenant: Tenant;
  readonly row: Row;
  /** Whoever holds a row knows this, and nobody else. */
  readonly leaseId: string;
  /** Until when it is held, unless that is prolonged. */
  readonly dueAt: Date;
  readonly takenAt: Date;
}

/** How many rows are taken, and of which. */
export interface Taking<Row> {
  readonly limit: number;
  readonly now: () => Date;
  /** How long they are held, in milliseconds. After that another worker takes them: the first one is held to be dead. */
  readonly leaseMs: number;
  readonly choice: Choice;
  /** By which lease they are held; one of their own unless it is said. */
  readonly leaseId?: string;
  /** Does more in the transaction that takes them. */
  also?(db: Connection, taken: readonly Taken<Row>[]): Promise<void>;
}

/** Takes the rows that have been due for longest, whosever they are. No two workers take the same one, however many ask at once. */
export async function takeDue<Row>(db: Database, queue: Queue<Row>, taking: Taking<Row>): Promise<Taken<Row>[]> {
  const { limit, now, choice, also } = taking;
  const which = [now().getTime(), ...choice.params, limit];
  // Asked before a transaction is begun: most of the time nothing waits.
  if ((await db.read(due(queue, choice, "look"), which)).length === 0) return [];
  // Without gaps between the rows locked: new ones come in at the end of the same index.
  return db.transaction(
    async (transaction) => {
      const rows = await transaction.read<Selected>(due(queue, choice, "take"), which);
      if (rows.length === 0) return [];
      const taken = await hold(transaction, queue, rows, taking);
      await also?.(transaction, taken);
      return taken;
    },
    { isolationLevel: "read committed" },
  );
}

type Selected = Readonly<Record<string, unknown>> & { readonly nid: string; readonly id: string };

/** Finds the rows that are due, of all tenants: those to take, or only whether there are any. */
function due<Row>({ table }: Queue<Row>, { name, condition }: Choice, to: "look" | "take"): Statement {
  return statement(
    `${table.name}_${to}_${name}`,
    inEveryDialect((sql, dialect) => {
      const columns = to === "take" ? `q.nid, ${selectList(sql, table, "q")}` : "q.id";
      const locked = to === "take" && dialect !== "sqlite" ? " for update skip locked" : "";
      return `select ${columns} from ${table.name} q where q.due_at <= ?${condition} order by q.due_at, q.id limit ?${locked}`;
    }),
  );
}

async function hold<Row>(
  db: Connection,
  queue: Queue<Row>,
  rows: readonly Selected[],
  { now, leaseMs, leaseId = randomUUID() }: Taking<Row>,
): Promise<Taken<Row>[]> {
  const takenAt = now();
  const dueAt = new Date(takenAt.getTime() + leaseMs);
  await db.write(holding(queue, rows.length), [leaseId, dueAt, takenAt, ...rows.flatMap(({ nid, id }) => [id, nid])]);
  return rows.map((row) => ({ tenant: { id: row.nid }, row: queue.decode(row), leaseId, dueAt, takenAt }));
}

const holding = <Row>({ table, set }: Queue<Row>, count: number): Statement =>
  statement(
    `${table.name}_hold_${count}`,
    inEveryDialect(
      (_, dialect) =>
        `update ${table.name} set ${set && `${set}, `}lease_id = ?, due_at = ?, updated_at = ? where ${isOneOf(dialect, count)}`,
    ),
  );
