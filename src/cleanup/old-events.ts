import type { Database } from "../db/connection.ts";
import type { Forgetting } from "../events/forget.ts";
import { forgetEvents, tenantsWithEvents } from "../events/forget.ts";
import { numberAllEvents } from "../events/number-all.ts";
import { inBatches } from "./in-batches.ts";

/** Deletes old events, of one tenant after the other. Each has its number before it goes, and its place in the chain. */
export async function deleteOldEvents(db: Database, which: Forgetting, signal?: AbortSignal): Promise<number> {
  await numberAllEvents(db, signal);
  let deleted = 0;
  for (const tenant of await tenantsWithEvents(db)) {
    if (signal?.aborted) break;
    deleted += await inBatches(() => forgetEvents({ db, tenant }, which), signal);
  }
  return deleted;
}
