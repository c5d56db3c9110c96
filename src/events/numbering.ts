import type { Reach } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { firstId } from "../db/pages.ts";
import { decoderOf, selectList } from "../db/row.ts";
import { statement } from "../db/statement.ts";
import type { RowOf } from "../db/table.ts";
import { defineHistogram } from "../measure.ts";
import { canonicalOf, hashAfter } from "./chain.ts";
import { lockEnd, moveEnd } from "./ends.ts";
import { events } from "./entities.ts";

const lagged = defineHistogram(
  "ostiary_event_numbering_seconds",
  "How long it took from when an event happened until it had its number, and could be read.",
  { bounds: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 60, 600] },
);

/** How many events are numbered in one transaction: it is over soon, since on SQLite all writers wait for it. */
const batchSize = 64;

const firstWithoutNumber = statement(
  "first_event_without_number",
  "select id from events where nid = ? and sequence is null limit 1",
);

// In the order of the one index that leads to them, also where statistics are of a time when the table was small or most had no number:
// InnoDB is told its name.
const withoutNumber = statement(
  "events_without_number",
  inEveryDialect((words, dialect) => {
    const index = dialect === "mysql" ? " force index (events_nid_sequence_id_index)" : "";
    return `select ${selectList(words, events, "e")} from events e${index} where e.nid = ? and e.sequence is null and e.id > ? order by e.sequence, e.id limit ${batchSize}`;
  }),
);

const giveNumbers = statement(
  "number_events",
  inEveryDialect((_, dialect) => {
    const places = Array.from({ length: batchSize }, (_, at) => `when ? then ${at + 1}`).join(" ");
    const hashes = Array.from({ length: batchSize }, () => "when ? then ?").join(" ");
    const last = `cast(? as ${dialect === "mysql" ? "signed" : "bigint"})`;
    // Row by row by the key, so that InnoDB locks these and nothing in between: told to, since it is statistics that choose otherwise.
    const byKey = dialect === "mysql" ? " force index (primary)" : "";
    const ids = Array.from({ length: batchSize }, () => "?").join(", ");
    // The bounds say what the list says: by a list alone PostgreSQL, as long as it has no statistics, goes through all of the tenant's.
    return `update events${byKey} set sequence = ${last} + case id ${places} end, hash = case id ${hashes} end where nid = ? and id between ? and ? and id in (${ids})`;
  }),
);

/**
 * Numbers committed events that have no number yet, until all have one or as many as are asked for were given, and chains them by their
 * hashes. One at a time does so for a tenant: when a number is seen, all below it are given, and whatever gets one later is new. Answers
 * with how many it has given: fewer than were asked for where none are left, or somebody else is at it.
 */
export async function numberEvents(reach: Reach, most: number): Promise<number> {
  if ((await reach.db.read(firstWithoutNumber, [reach.tenant.id])).length === 0) return 0;
  let numbered = 0;
  for (let after = firstId; numbered < most;) {
    // Read committed: what was committed while the lock was waited for counts, and InnoDB locks no gaps, into which others write.
    const given = await reach.db.transaction((db) => numberBatch({ tenant: reach.tenant, db }, after), {
      isolationLevel: "read committed",
    });
    numbered += given.length;
    for (const { at } of given) lagged(Math.max(0, Date.now() - at) / 1000);
    // None are left, or somebody else has been quicker.
    if (given.length < batchSize) break;
    // Entries of the index that were left just now are cleared away later, and would all be passed by once more.
    after = given.at(-1)!.id;
  }
  return numbered;
}

const decode = decoderOf(events);

interface Numbered {
  readonly id: string;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
}

/** Numbers those behind an id, and answers with what it has numbered. */
async function numberBatch(reach: Reach, after: string): Promise<readonly Numbered[]> {
  const { db, tenant } = reach;
  let end = await lockEnd(reach, "sequence");
  const last = end.sequence;
  const rows = await db.read<object>(withoutNumber, [tenant.id, after]);
  if (rows.length === 0) return [];
  const numbered: Numbered[] = [];
  const given = rows.map((row): readonly [id: string, hash: string] => {
    const event = decode(row) as RowOf<typeof events>;
    const sequence = end.sequence + 1;
    end = { sequence, hash: hashAfter(end.hash, canonicalOf(tenant, event, sequence)) };
    numbered.push({ id: event.id, at: event.occurredAt.getTime() });
    return [event.id, end.hash];
  });
  // One text for batches of any size: an id may stand in it twice, and counts where it stands first.
  const padded = Array.from({ length: batchSize }, (_, at) => given[at] ?? given.at(-1)!);
  const ids = padded.map(([id]) => id);
  await db.write(giveNumbers, [last, ...ids, ...padded.flat(), tenant.id, ids[0], ids.at(-1), ...ids]);
  await moveEnd(reach, "sequence", end);
  return numbered;
}
