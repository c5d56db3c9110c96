import type { Connection, Reach } from "../db/connection.ts";
import { firstIdAt } from "../db/id.ts";
import { statement } from "../db/statement.ts";
import { lockEnd, moveEnd } from "./ends.ts";

/** Which events are not kept any more. */
export interface Forgetting {
  /** Those from before this moment, in milliseconds since 1970. */
  readonly before: number;
  readonly now: number;
  /** How many at a time. */
  readonly batchSize: number;
}

/** What has become of a batch. */
export interface Forgotten {
  readonly deleted: number;
  /** Whether nothing is left behind it that is old. */
  readonly isLast: boolean;
}

const withChains = statement(
  "tenants_with_events",
  "select t.id from tenants t where exists (select 1 from event_counters c where c.nid = t.id and c.id = 'sequence')",
);

const oldest = statement(
  "oldest_events",
  "select sequence, hash, id from events where nid = ? and sequence > ? order by sequence limit ?",
);

const removeUpTo = statement("forget_events", "delete from events where nid = ? and sequence > ? and sequence <= ?");

/** The tenants that have had events with numbers. */
export const tenantsWithEvents = (db: Connection): Promise<{ readonly id: string }[]> => db.read(withChains, []);

const clocksDifferMs = 3_600_000;

/**
 * Deletes a batch of a tenant's oldest events and notes where its chain begins by then, in one transaction. They go in the order of
 * their numbers, so that no gap comes about: one of a transaction that took long keeps those behind it a little longer.
 */
export function forgetEvents({ db, tenant }: Reach, { before, now, batchSize }: Forgetting): Promise<Forgotten> {
  const [young, tooYoung] = [firstIdAt(before), firstIdAt(now + clocksDifferMs)];
  // Read committed, so that InnoDB locks no gaps, into which others write.
  return db.transaction(
    async (tx) => {
      const reach = { tenant, db: tx };
      const removed = await lockEnd(reach, "removed");
      type Found = { readonly sequence: number; readonly hash: string; readonly id: string };
      const found = await tx.read<Found>(oldest, [tenant.id, removed.sequence, batchSize]);
      // What a wrong clock has put into the future keeps nothing that came after it.
      const kept = found.findIndex(({ id }) => id >= young && id < tooYoung);
      const old = found.slice(0, kept < 0 ? undefined : kept).findLastIndex(({ id }) => id < young);
      const last = found[old];
      if (!last) return { deleted: 0, isLast: true };
      const deleted = await tx.write(removeUpTo, [tenant.id, removed.sequence, last.sequence]);
      await moveEnd(reach, "removed", { sequence: Number(last.sequence), hash: last.hash });
      return { deleted, isLast: old < batchSize - 1 };
    },
    { isolationLevel: "read committed" },
  );
}
