import type { Reach } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { decoderOf, selectList } from "../db/row.ts";
import { statement } from "../db/statement.ts";
import type { RowOf } from "../db/table.ts";
import { canonicalOf, hashAfter } from "./chain.ts";
import { lockEnd, moveEnd } from "./ends.ts";
import { events } from "./entities.ts";

/** How many events are numbered in one transaction: it is over soon, since on SQLite all writers wait for it. */
const batchSize = 64;

const firstWithoutNumber = statement(
  "first_event_without_number",
  "select id from events where nid = ? and sequence is null limit 1",
);

const withoutNumber = statement(
  "events_without_number",
  inEveryDialect(
    (words) =>
      `select ${selectList(words, events, "e")} from events e where e.nid = ? and e.sequence is null order by e.id limit ${batchSize}`,
  ),
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
    return `update events${byKey} set sequence = ${last} + case id ${places} end, hash = case id ${hashes} end where nid = ? and id in (${ids})`;
  }),
);

/**
 * Numbers committed events that have no number yet, until all have one or as many as are asked for were given, and chains them by their
 * hashes. One at a time does so for a tenant: when a number is seen, all below it are given, and whatever gets one later is new. Answers
 * with how many it has given: fewer than were asked for where none are left, or somebody else is at it.
 */
export async function numberEvents(reach: Reach, most: number): Promise<number> {
  let numbered = 0;
  while (numbered < most && (await reach.db.read(firstWithoutNumber, [reach.tenant.id])).length > 0) {
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

const decode = decoderOf(events);

async function numberBatch(reach: Reach): Promise<number> {
  const { db, tenant } = reach;
  let end = await lockEnd(reach, "sequence");
  const last = end.sequence;
  const rows = await db.read<object>(withoutNumber, [tenant.id]);
  if (rows.length === 0) return 0;
  const given = rows.map((row): readonly [id: string, hash: string] => {
    const event = decode(row) as RowOf<typeof events>;
    const sequence = end.sequence + 1;
    end = { sequence, hash: hashAfter(end.hash, canonicalOf(tenant, event, sequence)) };
    return [event.id, end.hash];
  });
  // One text for batches of any size: an id may stand in it twice, and counts where it stands first.
  const padded = Array.from({ length: batchSize }, (_, at) => given[at] ?? given.at(-1)!);
  const ids = padded.map(([id]) => id);
  await db.write(giveNumbers, [last, ...ids, ...padded.flat(), tenant.id, ...ids]);
  await moveEnd(reach, "sequence", end);
  return given.length;
}
