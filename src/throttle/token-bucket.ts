import { createBoundedCache, type BoundedCache } from "../bounded-cache.ts";
import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import { defineTopic, workerCount } from "../peers.ts";

/** How much somebody may do: so often at once, and then so often an hour. */
export interface BucketSize {
  readonly at_once: number;
  readonly per_hour: number;
}

interface Bucket {
  /** How much is missing. */
  used: number;
  asOf: number;
}

/** Whose buckets they are, and by which clock. */
type Owner = Pick<Context, "tenant" | "now"> & { readonly db: Pick<Context["db"], "database"> };

const hourMs = 3_600_000;
/** More clients than this are not told apart: those who were here longest ago begin anew. */
const mostClients = 50_000;
/** How late the workers of a server learn what others have taken. */
const publishMs = 50;

/** How much was taken of each bucket. */
const takings = defineTopic<ReadonlyMap<string, number>>("token buckets");
const places = new WeakMap<Database, BoundedCache<string, Bucket>>();
const ofAllWorkers = workerCount > 1 ? followTakings() : undefined;

/**
 * Takes one from the bucket of a client; tells how long to wait where it is empty, in milliseconds, and 0 where it was not.
 * Buckets are this server's alone, in memory: what they bound is this server's work, and counting it in the database would
 * cost as much as what is counted. Each of its workers keeps all buckets, and learns what the others have taken.
 *
 * @example
 * const waitMs = takeFromBucket(ctx, clientNetwork(ctx), { at_once: 100, per_hour: 3600 });
 */
export function takeFromBucket(of: Owner, name: string, size: BucketSize): number {
  const { bucket, client, waitMs } = look(of, name, size);
  if (waitMs > 0) return waitMs;
  bucket.used++;
  if (ofAllWorkers) publishSoon(client);
  return 0;
}

/** How long to wait until something can be taken from the bucket of a client, in milliseconds. Takes nothing. */
export const bucketWaitMs = (of: Owner, name: string, size: BucketSize): number => look(of, name, size).waitMs;

function look({ db, tenant, now }: Owner, name: string, { at_once: atOnce, per_hour: perHour }: BucketSize) {
  let buckets = ofAllWorkers ?? places.get(db.database);
  if (!buckets) places.set(db.database, (buckets = createBoundedCache(mostClients)));
  const client = `${tenant.id} ${name}`;
  const time = now().getTime();
  const bucket = buckets.get(client) ?? buckets.set(client, { used: 0, asOf: time });
  bucket.used = Math.max(0, bucket.used - (Math.max(0, time - bucket.asOf) * perHour) / hourMs);
  bucket.asOf = time;
  const left = atOnce - bucket.used;
  return { bucket, client, waitMs: left < 1 ? ((1 - left) * hourMs) / perHour : 0 };
}

function followTakings(): BoundedCache<string, Bucket> {
  const buckets = createBoundedCache<string, Bucket>(mostClients);
  takings.subscribe((taken) => {
    const asOf = Date.now();
    for (const [client, count] of taken) (buckets.get(client) ?? buckets.set(client, { used: 0, asOf })).used += count;
  });
  return buckets;
}

let unpublished = new Map<string, number>();

function publishSoon(client: string): void {
  if (unpublished.size === 0)
    setTimeout(() => {
      takings.publish(unpublished);
      unpublished = new Map();
    }, publishMs).unref();
  unpublished.set(client, (unpublished.get(client) ?? 0) + 1);
}
