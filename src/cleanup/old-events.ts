import type { Database } from "../db/connection.ts";
import type { Forgetting } from "../events/forget.ts";
import { forgetEnds, forgetEvents, lastToForget, tenantsWithEvents } from "../events/forget.ts";
import { numberAllEvents } from "../events/number-all.ts";
import { inBatches } from "./in-batches.ts";

/** Which events go, and how. */
interface OldEvents extends Forgetting {
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
}

/** Deletes old events, of one tenant after the other. Each has its number before it goes, and its place in the chain. */
export async function deleteOldEvents(db: Database, { batchSize, signal, ...which }: OldEvents): Promise<number> {
  await numberAllEvents(db, signal);
  let deleted = 0;
  for (const tenant of await tenantsWithEvents(db)) {
    if (signal?.aborted) break;
    const reach = { db, tenant };
    const last = await lastToForget(reach, which);
    if (last !== undefined) deleted += await inBatches(() => forgetEvents(reach, last, batchSize), signal);
    await forgetEnds(reach);
  }
  return deleted;
}
