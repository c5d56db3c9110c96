import type { Connection, Reach } from "../db/connection.ts";
import { firstIdAt } from "../db/id.ts";
import { statement } from "../db/statement.ts";
import { lockEnd, moveEnd, readEnds } from "./ends.ts";

/** Which events are not kept any more. */
export interface Forgetting {
  /** Those from before this moment, in milliseconds since 1970. */
  readonly before: number;
  readonly now: number;
}

/** What has become of a batch. */
export interface Forgotten {
  readonly deleted: number;
  /** Whether nothing is left behind it that is old. */
  readonly isLast: boolean;
}

const withChains = statement("tenants_with_events", "select nid as id from event_counters where id = 'sequence'");

const oneTenant = statement("tenant_of_events", "select id from tenants where id = ?");
const anyEvent = statement("any_event_of_tenant", "select id from events where nid = ? limit 1");
const removeEnds = statement(
  "forget_ends_of_tenant",
  "delete from event_counters where nid = ? and id in ('sequence', 'removed')",
);

const firstYoung = statement(
  "first_young_event",
  "select sequence from events where nid = ? and sequence > ? and id >= ? and id < ? order by sequence limit 1",
);

const lastOld = statement(
  "last_old_event",
  "select sequence from events where nid = ? and sequence > ? and sequence < ? and id < ? order by sequence desc limit 1",
);

const oldest = statement(
  "oldest_events",
  "select sequence, hash from events where nid = ? and sequence > ? and sequence <= ? order by sequence limit ?",
);

const removeUpTo = statement("forget_events", "delete from events where nid = ? and sequence > ? and sequence <= ?");

/** The tenants that have had events with numbers, also those that are gone. */
export const tenantsWithEvents = (db: Connection): Promise<{ readonly id: string }[]> => db.read(withChains, []);

/** Forgets where the chain of a tenant began and ended, once the tenant and all of its events are gone. */
export async function forgetEnds({ db, tenant: { id } }: Reach): Promise<void> {
  for (const remainder of [oneTenant, anyEvent]) if ((await db.read(remainder, [id])).length > 0) return;
  await db.write(removeEnds, [id]);
}

const clocksDifferMs = 3_600_000;

/**
 * The number up to which a tenant's events are not kept any more, if there are such. They go in the order of their numbers, so that no
 * gap comes about: one of a transaction that took long keeps those behind it a little longer. What a wrong clock has put into the future
 * keeps nothing.
 */
export async function lastToForget(reach: Reach, { before, now }: Forgetting): Promise<number | undefined> {
  const { db, tenant } = reach;
  const [young, tooYoung] = [firstIdAt(before), firstIdAt(now + clocksDifferMs)];
  const { removed } = await readEnds(reach);
  type Found = { readonly sequence: number };
  const [kept] = await db.read<Found>(firstYoung, [tenant.id, removed.sequence, young, tooYoung]);
  const end = kept?.sequence ?? Number.MAX_SAFE_INTEGER;
  const [old] = await db.read<Found>(lastOld, [tenant.id, removed.sequence, end, young]);
  return old && Number(old.sequence);
}

/** Deletes a batch of a tenant's oldest events up to a number, and notes where its chain begins by then, in one transaction. */
export function forgetEvents({ db, tenant }: Reach, upTo: number, batchSize: number): Promise<Forgotten> {
  // Read committed, so that InnoDB locks no gaps, into which others write.
  return db.transaction(
    async (tx) => {
      const reach = { tenant, db: tx };
      const removed = await lockEnd(reach, "removed");
      type Found = { readonly sequence: number; readonly hash: string };
      const found = await tx.read<Found>(oldest, [tenant.id, removed.sequence, upTo, batchSize]);
      const last = found.at(-1);
      if (!last) return { deleted: 0, isLast: true };
      const deleted = await tx.write(removeUpTo, [tenant.id, removed.sequence, last.sequence]);
      await moveEnd(reach, "removed", { sequence: Number(last.sequence), hash: last.hash });
      return { deleted, isLast: found.length < batchSize };
    },
    { isolationLevel: "read committed" },
  );
}
