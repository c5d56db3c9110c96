import type { Connection, Reach } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { change } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import { eventCounters } from "./entities.ts";

/** How many events are numbered in one transaction: it is over soon, since on SQLite all writers wait for it. */
const batchSize = 64;

const withoutNumber = statement(
  "events_without_number",
  "select id from events where nid = ? and sequence is null order by id limit ?",
);

// SQLite's transactions have the whole file to themselves.
const lockCounter = statement(
  "lock_event_counter",
  inEveryDialect(
    (_, dialect) =>
      `select last from event_counters where nid = ? and id = 'sequence'${dialect === "sqlite" ? "" : " for update"}`,
  ),
);

const makeCounter = statement("make_event_counter", {
  sqlite: "insert into event_counters (nid, id, last) values (?, 'sequence', 0) on conflict do nothing",
  postgresql: "insert into event_counters (nid, id, last) values (?, 'sequence', 0) on conflict do nothing",
  mysql: "insert ignore into event_counters (nid, id, last) values (?, 'sequence', 0)",
});

const giveNumbers = statement(
  "number_events",
  inEveryDialect((_, dialect) => {
    const places = Array.from({ length: batchSize }, (_, at) => `when ? then ${at + 1}`).join(" ");
    const last = `cast(? as ${dialect === "mysql" ? "signed" : "bigint"})`;
    // Row by row by the key, so that InnoDB locks these and nothing in between: told to, since it is statistics that choose otherwise.
    const byKey = dialect === "mysql" ? " force index (primary)" : "";
    const ids = Array.from({ length: batchSize }, () => "?").join(", ");
    return `update events${byKey} set sequence = ${last} + case id ${places} end where nid = ? and id in (${ids})`;
  }),
);

/**
 * Numbers committed events that have no number yet, until all have one or as many as are asked for were given. One reader at a
 * time does so for a tenant: when a number is seen, all below it are given, and whatever gets one later is new. Answers with how many
 * it has given: fewer than were asked for where none are left, or somebody else is at it.
 */
export async function numberEvents(reach: Reach, most: number): Promise<number> {
  let numbered = 0;
  while (numbered < most && (await firstWithoutNumber(reach, 1)).length > 0) {
    // Read committed: what was committed while the lock was waited for counts, and InnoDB locks no gaps, into which others write.
    const given = await reach.db.transaction((db) => numberBatch({ tenant: reach.tenant, db }), {
      isolationLevel: "read committed",
    });
    // Somebody else has been quicker.
    if (given === 0) break;
    numbered += given;
  }
  return numbered;
}

async function firstWithoutNumber({ db, tenant }: Reach, count: number): Promise<string[]> {
  const rows = await db.read<{ id: string }>(withoutNumber, [tenant.id, count]);
  return rows.map(({ id }) => id);
}

async function numberBatch(reach: Reach): Promise<number> {
  const { db, tenant } = reach;
  const last = await lastNumber(db, tenant.id);
  const ids = await firstWithoutNumber(reach, batchSize);
  if (ids.length === 0) return 0;
  // One text for batches of any size: an id may stand in it twice, and counts where it stands first.
  const padded = Array.from({ length: batchSize }, (_, at) => ids[Math.min(at, ids.length - 1)]!);
  await db.write(giveNumbers, [last, ...padded, tenant.id, ...padded]);
  await change(reach, eventCounters, { last: last + ids.length }, (query) => query);
  return ids.length;
}

/** The last number given, locked: others who want to give any wait until this transaction ends. */
async function lastNumber(db: Connection, nid: string): Promise<number> {
  const [counter] = await db.read<{ last: number }>(lockCounter, [nid]);
  if (counter) return Number(counter.last);
  await db.write(makeCounter, [nid]);
  const [made] = await db.read<{ last: number }>(lockCounter, [nid]);
  return Number(made!.last);
}
