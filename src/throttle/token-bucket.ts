import { createBoundedCache, type BoundedCache } from "../bounded-cache.ts";
import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";

/** How much somebody may do: so often at once, and then so often an hour. */
export interface BucketSize {
  readonly at_once: number;
  readonly per_hour: number;
}

interface Bucket {
  left: number;
  asOf: number;
}

const hourMs = 3_600_000;
/** More clients than this are not told apart: those who were here longest ago begin anew. */
const mostClients = 50_000;

const places = new WeakMap<Database, BoundedCache<string, Bucket>>();

/**
 * Takes one from the bucket of a client; tells how long to wait where it is empty, in milliseconds, and 0 where it was not.
 * Buckets are this server's alone, in memory: what they bound is this server's work, and counting it in the database would
 * cost as much as what is counted.
 *
 * @example
 * const waitMs = takeFromBucket(ctx, clientNetwork(ctx), { at_once: 100, per_hour: 3600 });
 */
export function takeFromBucket(
  { db, tenant, now }: Context,
  name: string,
  { at_once: atOnce, per_hour: perHour }: BucketSize,
): number {
  let buckets = places.get(db.database);
  if (!buckets) places.set(db.database, (buckets = createBoundedCache(mostClients)));
  const client = `${tenant.id} ${name}`;
  const time = now().getTime();
  const bucket = buckets.get(client) ?? buckets.set(client, { left: atOnce, asOf: time });
  bucket.left = Math.min(atOnce, bucket.left + (Math.max(0, time - bucket.asOf) * perHour) / hourMs);
  bucket.asOf = time;
  if (bucket.left < 1) return ((1 - bucket.left) * hourMs) / perHour;
  bucket.left--;
  return 0;
}
