import { setTimeout as pause } from "node:timers/promises";

/** What has become of a batch. */
export interface Batch {
  readonly deleted: number;
  /** Whether nothing is left behind it. */
  readonly isLast: boolean;
}

/**
 * Deletes a batch after the other, and answers with how many rows have gone. In between it pauses for as long as the work took: at least
 * half of the time is everybody else's.
 */
export async function inBatches(work: () => Promise<Batch>, signal?: AbortSignal): Promise<number> {
  for (let all = 0; ;) {
    const start = performance.now();
    const { deleted, isLast } = await work();
    all += deleted;
    if (isLast || signal?.aborted) return all;
    await pause(performance.now() - start);
  }
}
