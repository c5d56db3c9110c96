import type { Database, Reach } from "../db/connection.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { change } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import type { ListedEvent } from "../events/list.ts";
import { numberEvents } from "../events/numbering.ts";
import { lastGiven, readNumbered } from "../events/read.ts";
import type { Tenant } from "../tenant.ts";
import { enqueueEvents } from "./enqueue.ts";
import { subscriptions } from "./entities.ts";
import { storedSubscriptions } from "./find.ts";
import type { Subscription } from "./subscription.ts";
import { typeFilter } from "./types.ts";

/** How many events are taken in by one transaction. */
const mostAtOnce = 256;
const mostNumbered = 1024;
/** By this much clocks may differ, and transactions take. */
const slackMs = 60_000;

// Whoever has it takes in what there is: others find nothing to do, and do not wait. The lock ends with the connection.
const lock = statement(
  "lock_subscription",
  inEveryDialect(
    (_, dialect) =>
      `select sequence, starts_at from subscriptions where nid = ? and id = ? and state = 'active'${dialect === "sqlite" ? "" : " for update skip locked"}`,
  ),
);

/** What a tenant's events are put into, and what is heard of that. */
export interface Dispatching {
  readonly db: Database;
  readonly now: () => Date;
  /** Hears that deliveries are due. */
  onDeliveries(): void;
}

/**
 * Puts what has happened in a tenant into the lines of its subscriptions, each behind its own cursor. Any number of servers
 * may do so at once: events are put there once, since cursor and deliveries are written by one transaction.
 */
export async function dispatchTenant(
  { db, now, onDeliveries }: Dispatching,
  tenant: Tenant,
  known: readonly Subscription[],
): Promise<void> {
  const reach = { db, tenant };
  for (let numbered = mostNumbered; numbered === mostNumbered;) {
    numbered = await numberEvents(reach, mostNumbered);
    const last = await lastGiven(reach);
    for (const row of await storedSubscriptions(reach)) {
      const subscription = known.find(({ id }) => id === row.id);
      if (!subscription) continue;
      for (let seen = Number(row.sequence); seen < last;) {
        const taken = await takeIn(reach, subscription, now());
        if (!taken) break;
        seen = taken.seen;
        if (taken.meant > 0) onDeliveries();
      }
    }
  }
}

/** Takes in the next events of a subscription: how far it is, and how many were meant. Undefined where there are none, or somebody else is at it. */
const takeIn = ({ db, tenant }: Reach, { id, content: { types } }: Subscription, now: Date) =>
  db.transaction(
    async (transaction): Promise<{ readonly seen: number; readonly meant: number } | undefined> => {
      const reach = { db: transaction, tenant };
      const [row] = await transaction.read<{ sequence: number; starts_at: number }>(lock, [tenant.id, id]);
      if (!row) return undefined;
      const events = await readNumbered(reach, { after: Number(row.sequence), limit: mostAtOnce });
      const seen = Number(events.at(-1)?.sequence);
      if (events.length === 0) return undefined;
      const since = Number(row.starts_at) - slackMs;
      const isWanted = wantedBy(types);
      const meant = events.filter((event) => isWanted(event) && event.occurredAt.getTime() >= since);
      await enqueueEvents(reach, id, meant, now);
      await change(reach, subscriptions, { sequence: seen }, (query) => query.where("id", "=", id));
      return { seen, meant: meant.length };
    },
    // What was committed meanwhile is read, and InnoDB locks no gaps, into which others write.
    { isolationLevel: "read committed" },
  );

/** Judges whether a subscription to these types is told of an event. That one is tried is told its own receiver alone, at once. */
export function wantedBy(types: readonly string[]): (event: Pick<ListedEvent, "type">) => boolean {
  const fits = typeFilter(types);
  return ({ type }) => type !== "SubscriptionTested" && fits(type);
}
