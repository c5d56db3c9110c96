import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { mutants } from "./mutants.ts";
import type { Errand, Findings } from "./run-schedules.ts";

/** How many schedules are tried: `OSTIARY_SCHEDULES=100000` for a long run, from `OSTIARY_SEED` on. */
const count = Number(process.env["OSTIARY_SCHEDULES"] ?? 1000);
const from = Number(process.env["OSTIARY_SEED"] ?? 1);

async function findingsOf(errand: Errand): Promise<Findings> {
  const thread = new Worker(new URL("./run-schedules.ts", import.meta.url), { workerData: errand });
  const [findings] = (await once(thread, "message")) as [Findings];
  return findings;
}

test("no server answers with what was, once a change has been answered, whatever becomes of processes, clocks and connections", async (t) => {
  const { faults, seed, reads, hits, revocations } = await findingsOf({ from, count });
  assert.deepEqual(faults, [], `seed ${seed}`);
  // A cache that is never used would not lie either.
  assert.ok(hits > reads / 5 && revocations > count, `${hits} of ${reads} reads, ${revocations} changes`);
  t.diagnostic(`${count} schedules: ${reads} reads, ${hits} of them from memory, ${revocations} changes`);
});

test("mistakes in the protocol are found", async (t) => {
  for (const [mutant, { what, seed: first = 1 }] of mutants.entries()) {
    const { seed } = await findingsOf({ from: first, count: 3000, mutant });
    assert.ok(seed !== undefined, `nobody notices: ${what}`);
    t.diagnostic(`found by seed ${seed}: ${what}`);
  }
});
