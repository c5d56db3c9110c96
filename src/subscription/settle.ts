import type { Connection, Database, Reach } from "../db/connection.ts";
import { change, find, remove } from "../db/query.ts";
import type { Changes } from "../db/table.ts";
import { backOffMs } from "../delivery/back-off.ts";
import type { Taken } from "../delivery/take-due.ts";
import type { Attempted } from "./attempt.ts";
import { type DeliveryRow, subscriptionDeliveries, subscriptionQueues } from "./entities.ts";
import type { SubscriptionQueueRow } from "./entities.ts";

/** A line that a worker holds. */
export type HeldQueue = Taken<SubscriptionQueueRow>;

/** What became of a delivery: taken, to be tried again, given up, or left as it is since its receiver wants no more. */
export type DeliveryOutcome = "delivered" | "retried" | "dead" | "gone";

/** How attempts are judged. */
export interface SettleOptions {
  readonly giveUpAfterMs: number;
  /** From when the time counts at the earliest. */
  readonly resumedAt: Date;
  readonly now: Date;
}

/** How a line goes on. */
export interface Settled {
  readonly outcome: DeliveryOutcome;
  /** Whether the next one in the line is there to be delivered, by whoever holds it. */
  readonly more: boolean;
}

const mostAttempts = 50;
/** Within so long every server knows that a subscription was disabled. */
const untilKnownMs = 2_000;

/** How long to wait after a failure: 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, then three hours, give or take a fifth. */
const backOff = { firstMs: 5_000, factor: 4, longestMs: 3 * 3_600_000 };

/** Writes down how an attempt went, if the line is still held: whoever was too slow has lost it to another. Answers undefined in that case. */
export const settle = (
  db: Database,
  held: HeldQueue,
  delivery: DeliveryRow,
  attempted: Attempted,
  options: SettleOptions,
): Promise<Settled | undefined> =>
  ofHeld(db, held, async (reach) => {
    const { now } = options;
    const outcome = outcomeOf(delivery, attempted, options);
    const over = outcome === "delivered" || outcome === "dead";
    const changes = {
      attempts: [...delivery.attempts, attempted.attempt].slice(-mostAttempts),
      updatedAt: now,
      ...(over && { state: outcome, settledAt: now }),
    };
    await change(reach, subscriptionDeliveries, changes, (query) => query.where("id", "=", delivery.id));
    if (outcome === "delivered") return { outcome, more: await goOn(reach, held, now) };
    const failures = held.row.failures + 1;
    const dueAt =
      outcome === "retried"
        ? nextAttemptAt(delivery, attempted, failures, options)
        : new Date(now.getTime() + (outcome === "gone" ? untilKnownMs : 0));
    await release(reach, held, { failures, dueAt, updatedAt: now });
    return { outcome, more: false };
  });

/** Removes a line in which nothing is left, or gives it back. Whether there is something to deliver for who holds it. */
export const closeIfEmpty = (db: Database, held: HeldQueue, now: Date): Promise<Settled["more"] | undefined> =>
  ofHeld(db, held, (reach) => goOn(reach, held, now));

/** Gives a line back, to be taken at once. */
export const giveBack = (db: Database, held: HeldQueue, now: Date): Promise<boolean | undefined> =>
  ofHeld(db, held, async (reach) => {
    await release(reach, held, { dueAt: now, updatedAt: now });
    return true;
  });

/** The first that waits in a line. */
export async function firstIn(reach: Reach, queueId: string): Promise<DeliveryRow | undefined> {
  const [first] = await find(reach, subscriptionDeliveries, (query) =>
    query.where("queueId", "=", queueId).where("settledAt", "is", null).orderBy("sequence").orderBy("id").limit(1),
  );
  return first;
}

/** Does work in a transaction that begins by locking the line; undefined where it is held no more. */
const ofHeld = <T>(db: Database, { tenant, row, leaseId }: HeldQueue, work: (reach: Reach) => Promise<T>) =>
  db.transaction(
    async (transaction: Connection): Promise<T | undefined> => {
      const reach = { db: transaction, tenant };
      const held = await change(reach, subscriptionQueues, { leaseId }, (query) =>
        query.where("id", "=", row.id).where("leaseId", "=", leaseId),
      );
      return held === 0 ? undefined : work(reach);
    },
    // What was put into the line while the lock was waited for is seen.
    { isolationLevel: "read committed" },
  );

async function goOn(reach: Reach, { row }: HeldQueue, now: Date): Promise<boolean> {
  if (!(await firstIn(reach, row.id))) {
    await remove(reach, subscriptionQueues, (query) => query.where("id", "=", row.id));
    return false;
  }
  await change(reach, subscriptionQueues, { failures: 0, updatedAt: now }, (query) => query.where("id", "=", row.id));
  return true;
}

const release = (
  reach: Reach,
  { row }: HeldQueue,
  changes: Changes<(typeof subscriptionQueues)["~columns"] & object>,
) => change(reach, subscriptionQueues, { ...changes, leaseId: null }, (query) => query.where("id", "=", row.id));

const endOf = ({ since }: DeliveryRow, { giveUpAfterMs, resumedAt }: SettleOptions): number =>
  Math.max(since.getTime(), resumedAt.getTime()) + giveUpAfterMs;

function outcomeOf(delivery: DeliveryRow, { outcome }: Attempted, options: SettleOptions): DeliveryOutcome {
  if (outcome === "lost") return "dead";
  if (outcome !== "failed") return outcome;
  return options.now.getTime() >= endOf(delivery, options) ? "dead" : "retried";
}

/** As late as it gets once more, but not later. */
function nextAttemptAt(
  delivery: DeliveryRow,
  { retryAfterMs = 0 }: Attempted,
  failures: number,
  options: SettleOptions,
): Date {
  const wanted = options.now.getTime() + Math.max(backOffMs(backOff, failures), retryAfterMs);
  return new Date(Math.min(wanted, endOf(delivery, options)));
}
