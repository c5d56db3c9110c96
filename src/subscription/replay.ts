import type { Context } from "../context.ts";
import { firstIdAt } from "../db/id.ts";
import { change, find } from "../db/query.ts";
import { type ListedEvent, listEvents } from "../events/list.ts";
import { readNumbered } from "../events/read.ts";
import { record } from "../events/record.ts";
import { findDelivery } from "./deliveries.ts";
import { wantedBy } from "./dispatch.ts";
import { enqueueEvents, reopenQueue } from "./enqueue.ts";
import { type DeliveryRow, subscriptionDeliveries } from "./entities.ts";
import type { Subscription } from "./subscription.ts";

/** What is delivered once more: events by time or by number, or dead letters by time. */
export type ReplayRange =
  | { readonly kind: "time"; readonly since: number; readonly until: number }
  | { readonly kind: "cursor"; readonly after: number }
  | { readonly kind: "dead"; readonly since: number; readonly until: number };

/** How far a replay has come. */
export interface Replayed {
  readonly count: number;
  /** Behind which id or number it goes on; undefined where nothing is left. */
  readonly next: string | undefined;
}

/** How many are looked at by one transaction, and by one call. */
const mostAtOnce = 250;
const mostLooked = 10_000;

/** Delivers what a range holds of a subscription once more, behind a place that an earlier call has named; empty for the beginning. */
export async function replayRange(
  ctx: Context,
  subscription: Subscription,
  range: ReplayRange,
  behind: string,
): Promise<Replayed> {
  let [count, place]: [number, string | undefined] = [0, behind];
  for (let looked = 0; place !== undefined && looked < mostLooked; looked += mostAtOnce) {
    const from: string = place;
    const piece: Replayed = await ctx.tx((tx) => replayPiece(tx, subscription, range, from));
    count += piece.count;
    place = piece.next;
  }
  if (count > 0) await ctx.tx((tx) => tellReplayed(tx, subscription.id, count));
  return { count, next: place };
}

async function replayPiece(
  tx: Context,
  subscription: Subscription,
  range: ReplayRange,
  behind: string,
): Promise<Replayed> {
  if (range.kind === "dead") return replayDead(tx, subscription, range, behind);
  const { found, next } =
    range.kind === "time" ? await byTime(tx, range, behind) : await byNumber(tx, subscription, range.after, behind);
  const { row, content } = subscription;
  // What the subscription has not come to yet comes by itself.
  const isTakenIn = ({ sequence }: ListedEvent) => sequence !== null && Number(sequence) <= Number(row.sequence);
  const isWanted = wantedBy(content.types);
  const wanted = found.filter((event) => isTakenIn(event) && isWanted(event));
  await enqueueEvents(tx, subscription.id, wanted, tx.now());
  return { count: wanted.length, next };
}

const byTime = (tx: Context, { since, until }: { since: number; until: number }, behind: string) =>
  listEvents(tx, { filter: { types: [] }, since, until, ascending: true, behind, limit: mostAtOnce });

/** No further than the subscription has come. */
async function byNumber(tx: Context, { row }: Subscription, after: number, behind: string) {
  const found = await readNumbered(tx, { after: behind ? Number(behind) : after, limit: mostAtOnce });
  const own = found.filter(({ sequence }) => Number(sequence) <= Number(row.sequence));
  return { found: own, next: own.length === mostAtOnce ? String(own.at(-1)!.sequence) : undefined };
}

async function replayDead(
  tx: Context,
  { id }: Subscription,
  { since, until }: { since: number; until: number },
  behind: string,
): Promise<Replayed> {
  const dead = await find(tx, subscriptionDeliveries, (query) =>
    query
      .where("subscriptionId", "=", id)
      .where("state", "=", "dead")
      .where("id", ">", behind || firstIdAt(since))
      .where("id", "<", firstIdAt(until))
      .orderBy("id")
      .limit(mostAtOnce),
  );
  // In the order of their lines, so that nobody waits for somebody who waits for them.
  for (const delivery of dead.toSorted((one, other) => (one.queueId < other.queueId ? -1 : 1)))
    await reopen(tx, delivery);
  return { count: dead.length, next: dead.length === mostAtOnce ? dead.at(-1)!.id : undefined };
}

/** Delivers once more what was delivered or given up, and has what waits tried at once. Undefined where there is no such delivery. */
export const replayDelivery = (
  ctx: Context,
  subscriptionId: string,
  deliveryId: string,
): Promise<DeliveryRow | undefined> =>
  ctx.tx(async (tx) => {
    const delivery = await findDelivery(tx, subscriptionId, deliveryId);
    if (!delivery) return undefined;
    await reopen(tx, delivery);
    await tellReplayed(tx, subscriptionId, 1);
    return findDelivery(tx, subscriptionId, deliveryId);
  });

async function reopen(tx: Context, delivery: DeliveryRow): Promise<void> {
  const now = tx.now();
  await reopenQueue(tx, delivery, now);
  const again = { state: "pending", settledAt: null, since: now, updatedAt: now } as const;
  await change(tx, subscriptionDeliveries, again, (query) => query.where("id", "=", delivery.id));
}

const tellReplayed = (tx: Context, id: string, events: number): Promise<void> =>
  record(tx, { reason: "admin.replay" }, { type: "SubscriptionReplayed", payload: { subscription_id: id, events } });
