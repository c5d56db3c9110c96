import type { Reach } from "../db/connection.ts";
import { uuidv7 } from "../db/id.ts";
import { insert } from "../db/query.ts";
import { type Statement, statement } from "../db/statement.ts";
import type { ListedEvent } from "../events/list.ts";
import { type DeliveryRow, subscriptionDeliveries } from "./entities.ts";
import { queueIdOf } from "./queue-id.ts";

const mostAtOnce = 64;

/** Locks so many lines, and makes those that are not there. */
function lockingQueues(count: number): Statement {
  const rows = Array.from({ length: count }, () => "(?, ?, ?, ?, ?, ?, 0)").join(", ");
  const sql = `insert into subscription_queues (nid, id, created_at, updated_at, subscription_id, due_at, failures) values ${rows}`;
  const known = `${sql} on conflict (id, nid) do update set updated_at = excluded.updated_at`;
  return statement(`lock_subscription_queues_${count}`, {
    sqlite: known,
    postgresql: known,
    mysql: `${sql} on duplicate key update updated_at = values(updated_at)`,
  });
}

/**
 * Locks lines for the rest of the transaction. One that is about to be removed, since it is empty, is there afterwards all
 * the same: whoever removes it locks it first and then looks.
 */
async function lockQueues({ db, tenant }: Reach, subscriptionId: string, ids: Iterable<string>, now: Date) {
  // In one order, so that nobody waits for somebody who waits for them.
  const sorted = [...new Set(ids)].toSorted();
  for (let from = 0, count: number; from < sorted.length; from += count) {
    count = Math.min(mostAtOnce, 2 ** Math.floor(Math.log2(sorted.length - from)));
    const piece = sorted.slice(from, from + count);
    await db.write(
      lockingQueues(count),
      piece.flatMap((id) => [tenant.id, id, now, now, subscriptionId, now]),
    );
  }
}

/** Puts events into the lines of a subscription, within a transaction. They have their numbers. */
export async function enqueueEvents(
  reach: Reach,
  subscriptionId: string,
  events: readonly ListedEvent[],
  now: Date,
): Promise<void> {
  const rows = events.map((event): DeliveryRow => ({
    id: uuidv7(now.getTime()),
    createdAt: now,
    updatedAt: now,
    subscriptionId,
    queueId: queueIdOf(subscriptionId, event),
    eventId: event.id,
    sequence: Number(event.sequence),
    type: event.type,
    subjectId: event.subjectId,
    state: "pending",
    attempts: [],
    since: now,
    settledAt: null,
  }));
  await lockQueues(
    reach,
    subscriptionId,
    rows.map(({ queueId }) => queueId),
    now,
  );
  await insert(reach, subscriptionDeliveries, rows);
}

const hurry = statement(
  "hurry_subscription_queue",
  "update subscription_queues set due_at = ? where nid = ? and id = ? and lease_id is null",
);

/** Locks the line of a delivery that is to go out again, and has it looked at now. */
export async function reopenQueue(
  reach: Reach,
  { subscriptionId, queueId }: Pick<DeliveryRow, "subscriptionId" | "queueId">,
  now: Date,
): Promise<void> {
  await lockQueues(reach, subscriptionId, [queueId], now);
  await reach.db.write(hurry, [now, reach.tenant.id, queueId]);
}
