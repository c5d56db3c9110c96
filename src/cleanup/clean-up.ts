import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "../db/connection.ts";
import { inBatches } from "./in-batches.ts";
import { deleteOldEvents } from "./old-events.ts";
import { deleteBatch, findBatch, expiredRows } from "./expired-rows.ts";
import type { Limits, ExpiredRows } from "./expired-rows.ts";

/** How a database is cleaned up. Times in milliseconds. */
export interface CleanUpOptions {
  readonly batchSize: number;
  /** Pause between two tables, if there was something to delete in the first. */
  readonly tablePauseMs: number;
  /** How long ago something must have run out. */
  readonly keepMs: number;
  /** How long messages are kept that were sent or given up. */
  readonly keepMessagesMs: number;
  /** How long deliveries to subscribers are kept that are over. */
  readonly keepDeliveriesMs: number;
  /** How long events are kept; undefined where they are none of this cleaner's. */
  readonly keepEventsMs: number | undefined;
  readonly now?: () => Date;
  /** Ends the work after the batch under way. */
  readonly signal?: AbortSignal;
}

/** How many rows were deleted, by table. */
export type Deleted = Readonly<Record<string, number>>;

/**
 * Deletes what has run out, in batches. Each is found by a plain read and deleted by its ids, so that it locks nothing but
 * rows that nobody wants; any number of servers may do so at once.
 */
export async function cleanUp(db: Database, options: CleanUpOptions): Promise<Deleted> {
  const { keepMs, keepMessagesMs, keepDeliveriesMs, keepEventsMs, tablePauseMs, signal } = options;
  const { now = () => new Date() } = options;
  const start = now().getTime();
  const limits: Limits = {
    now: start,
    ranOut: start - keepMs,
    messages: start - keepMessagesMs,
    deliveries: start - keepDeliveriesMs,
  };
  const steps = expiredRows.map((one) => ({
    table: one.table,
    work: () => empty(db, one, one.before(limits), options),
  }));
  if (keepEventsMs !== undefined) {
    const which = { before: start - keepEventsMs, now: start, batchSize: options.batchSize, signal };
    steps.push({ table: "events", work: () => deleteOldEvents(db, which) });
  }
  const deleted: Record<string, number> = {};
  let before = 0;
  for (const { table, work } of steps) {
    if (before > 0) await pause(tablePauseMs, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) break;
    before = await work();
    deleted[table] = before;
  }
  return deleted;
}

function empty(
  db: Database,
  one: ExpiredRows,
  limit: number | string,
  { batchSize, signal }: CleanUpOptions,
): Promise<number> {
  const [find, remove] = [findBatch(one), deleteBatch(one, batchSize)];
  return inBatches(async () => {
    const found = await db.read<{ nid: string; id: string }>(find, [limit, batchSize]);
    if (found.length === 0) return { deleted: 0, isLast: true };
    // One text for batches of any size: a row may stand in it twice.
    const rows = Array.from({ length: batchSize }, (_, at) => found[Math.min(at, found.length - 1)]!);
    const deleted = await db.write(remove, [...rows.flatMap(({ nid, id }) => [id, nid]), limit]);
    return { deleted, isLast: found.length < batchSize };
  }, signal);
}
