import type { Reach } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { change, find } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import type { Checkpoint } from "./chain.ts";
import { beginning } from "./chain.ts";
import { eventCounters } from "./entities.ts";

/** An end of the chain of a tenant's events: the last number that was given, or the last that is deleted. */
export type End = "sequence" | "removed";

// SQLite's transactions have the whole file to themselves.
const lock = statement(
  "lock_event_counter",
  inEveryDialect(
    (_, dialect) =>
      `select last, hash from event_counters where nid = ? and id = ?${dialect === "sqlite" ? "" : " for update"}`,
  ),
);

const make = statement("make_event_counter", {
  sqlite: "insert into event_counters (nid, id, last, hash) values (?, ?, ?, ?) on conflict do nothing",
  postgresql: "insert into event_counters (nid, id, last, hash) values (?, ?, ?, ?) on conflict do nothing",
  mysql: "insert ignore into event_counters (nid, id, last, hash) values (?, ?, ?, ?)",
});

type Row = { readonly last: number; readonly hash: string };

/** Where an end is, locked: others who want to move it wait until this transaction is over. */
export async function lockEnd({ db, tenant }: Reach, end: End): Promise<Checkpoint> {
  const params = [tenant.id, end];
  const [known] = await db.read<Row>(lock, params);
  if (known) return checkpoint(known);
  await db.write(make, [...params, beginning.sequence, beginning.hash]);
  const [made] = await db.read<Row>(lock, params);
  return checkpoint(made!);
}

/** Moves an end that is locked. */
export const moveEnd = (reach: Reach, end: End, { sequence, hash }: Checkpoint): Promise<number> =>
  change(reach, eventCounters, { last: sequence, hash }, (query) => query.where("id", "=", end));

/** Where both ends are. */
export async function readEnds(reach: Reach): Promise<Record<End, Checkpoint>> {
  const rows = await find(reach, eventCounters, (query) => query.where("id", "in", ["sequence", "removed"]));
  const at = (end: End): Checkpoint => {
    const row = rows.find(({ id }) => id === end);
    return row ? checkpoint(row as Row) : beginning;
  };
  return { sequence: at("sequence"), removed: at("removed") };
}

const checkpoint = ({ last, hash }: Row): Checkpoint => ({ sequence: Number(last), hash });
