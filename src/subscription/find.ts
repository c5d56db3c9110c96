import type { Context } from "../context.ts";
import type { Reach } from "../db/connection.ts";
import { find } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import { lastGiven } from "../events/read.ts";
import { numberEvents } from "../events/numbering.ts";
import { type SubscriptionRow, subscriptions } from "./entities.ts";
import { configuredFor, type ConfiguredSubscription, type Subscription, subscriptionOf } from "./subscription.ts";

/** How many events are numbered before a subscription begins, so that "from now on" is behind what there is. */
const mostBefore = 1024;

/** Where a subscription begins that is made now. */
export async function beginning(reach: Reach, now: Date): Promise<Pick<SubscriptionRow, "sequence" | "startsAt">> {
  await numberEvents(reach, mostBefore);
  return { sequence: await lastGiven(reach), startsAt: now };
}

/** The rows of the tenant's subscriptions, in the order in which they were made; those that are being deleted are among them. */
export const storedSubscriptions = (reach: Reach): Promise<SubscriptionRow[]> =>
  find(reach, subscriptions, (query) => query.orderBy("id"));

const columns = "nid, id, created_at, updated_at, state, sequence, starts_at, resumed_at";
const values = `values (?, ?, ?, ?, 'active', ?, ?, ?)`;

// Every server that reads the configuration notes where its subscriptions begin: the first one counts.
const begin = statement("begin_subscription", {
  sqlite: `insert into subscriptions (${columns}) ${values} on conflict do nothing`,
  postgresql: `insert into subscriptions (${columns}) ${values} on conflict do nothing`,
  mysql: `insert ignore into subscriptions (${columns}) ${values}`,
});

/** Notes where those subscriptions of the configuration begin that have no row yet. Answers whether there were any. */
export async function beginConfigured(
  reach: Reach,
  inFile: readonly ConfiguredSubscription[],
  rows: readonly SubscriptionRow[],
  now: Date,
): Promise<boolean> {
  const fresh = inFile.filter(({ id }) => !rows.some((row) => row.id === id));
  if (fresh.length === 0) return false;
  const { sequence, startsAt } = await beginning(reach, now);
  for (const { id } of fresh) await reach.db.write(begin, [reach.tenant.id, id, now, now, sequence, startsAt, now]);
  return true;
}

/** All subscriptions of the tenant: those of the configuration, then those of the database in the order in which they were made. */
export async function listSubscriptions(ctx: Context): Promise<Subscription[]> {
  const inFile = configuredFor(ctx.config, ctx.tenant);
  let rows = await storedSubscriptions(ctx);
  if (await beginConfigured(ctx, inFile, rows, ctx.now())) rows = await storedSubscriptions(ctx);
  const all = rows.flatMap((row) => subscriptionOf(ctx.tenant, row, inFile) ?? []);
  return all
    .filter(({ state }) => state !== "deleted")
    .toSorted((one, other) => Number(one.configured === undefined) - Number(other.configured === undefined));
}

/** A subscription of the tenant; undefined where there is none. */
export async function findSubscription(ctx: Context, id: string): Promise<Subscription | undefined> {
  const all = await listSubscriptions(ctx);
  return all.find((one) => one.id === id);
}
