import type { Reach } from "../db/connection.ts";
import { statement } from "../db/statement.ts";
import { defineWriteBehind } from "../db/write-behind.ts";

/** What is counted by the hour. */
export type Subject = "login" | "registration" | "recovery" | "verification" | "settings" | "identity" | "message";

const hourMs = 3_600_000;
const longestKind = 64;

// Nothing is added for a tenant whose deletion has begun. The lock has one wait that begins, so that what is written before it is committed
// by the time that the tenant's rows are looked for; on SQLite one writes at a time.
const addTo = `insert into hourly_counts (id, nid, hour, subject, kind, count)
  select ?, ?, ?, ?, ?, ? from tenants where tenants.id = ? and tenants.state <> 'deleting'`;

const addCount = statement("add_hourly_count", {
  sqlite: `${addTo} on conflict (id, nid) do update set count = count + excluded.count`,
  postgresql: `${addTo} for share on conflict (id, nid) do update set count = hourly_counts.count + excluded.count`,
  mysql: `${addTo} lock in share mode on duplicate key update count = hourly_counts.count + values(count)`,
});

/** Adds to the statistics of a tenant, unless that is being deleted; in one order, in which every server locks the rows. */
export const writeCounts = ({ db, tenant }: Reach, counts: ReadonlyMap<string, number>): Promise<void> =>
  db.transaction(async (tx) => {
    for (const id of [...counts.keys()].toSorted()) {
      const [hour, subject, ...kind] = id.split("/");
      const at = new Date(Number(hour) * hourMs);
      await tx.write(addCount, [id, tenant.id, at, subject, kind.join("/"), counts.get(id)!, tenant.id]);
    }
  });

/** What has happened since the last write: how often, by hour, subject and kind. */
export const tally = defineWriteBehind<number>({
  everyMs: 1000,
  most: 5000,
  failure: "what has happened could not be added to the statistics",
  write: writeCounts,
});

/** Counts that something has happened: of which kind, and when. */
export function count(reach: Reach, subject: Subject, kind: string, at: Date): void {
  const key = `${Math.floor(at.getTime() / hourMs)}/${subject}/${kind.slice(0, longestKind)}`;
  tally.note(reach, key, (noted = 0) => noted + 1);
}
