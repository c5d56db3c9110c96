// A thread that runs schedules: within a test each promise is followed, which takes several times as long.
import { parentPort, workerData } from "node:worker_threads";
import { createCoherentCache } from "../../src/coherence/coherent-cache.ts";
import { createPeer } from "../../src/coherence/peer.ts";
import { mutants, protocolWith } from "./mutants.ts";
import { runSchedule } from "./schedule.ts";
import type { Outcome } from "./schedule.ts";

/** What a thread is to run: as many schedules, from a seed on, with one of the mistakes or none. */
export interface Errand {
  readonly from: number;
  readonly count: number;
  readonly mutant?: number;
}

/** What came of it. */
export interface Findings extends Outcome {
  /** The first seed by which a fault showed; it is the last one that was tried. */
  readonly seed?: number;
}

async function run({ from, count, mutant }: Errand): Promise<Findings> {
  const protocol = mutant === undefined ? { createPeer, createCoherentCache } : await protocolWith(mutants[mutant]!);
  const total = { faults: [], reads: 0, hits: 0, revocations: 0 };
  for (let seed = from; seed < from + count; seed++) {
    const { faults, reads, hits, revocations } = await runSchedule(protocol, seed);
    total.reads += reads;
    total.hits += hits;
    total.revocations += revocations;
    if (faults.length > 0) return { ...total, faults, seed };
  }
  return total;
}

parentPort?.postMessage(await run(workerData as Errand));
