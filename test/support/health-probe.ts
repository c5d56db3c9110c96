import assert from "node:assert/strict";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ServerProcess } from "./server-process.ts";

/** What was seen of a server while something was done to it. */
export interface Seen {
  /**
   * The longest that it took to say that it is alive, in milliseconds, less the time for which it was ready to work and the system
   * had no core for it: that is the machine's doing, and none on a machine that has nothing else to do.
   */
  readonly slowestMs: number;
  /** For how long it had no core, in the slowest answer. */
  readonly withoutCoreMs: number;
  /** The most memory that it held, in MB. */
  readonly mostMb: number;
  readonly probes: number;
}

/** Whom the probe asks, and whose memory it watches. */
export interface Probed {
  readonly port: number;
  readonly pid: number;
}

// An installed server holds no more than 400 MB; one that runs from its sources, as those of tests, has these and what was compiled of them besides.
const sourcesMb = 100;
const boundMb = 400 + sourcesMb;
// Most take under 150; on a machine of two cores, which the flood shares, one in ten has taken 260 to 340.
const boundMs = 400;

/**
 * Asks a server again and again whether it is alive, on a connection of its own each time, while `work` goes on. A thread asks,
 * since on the one that floods an answer would lie until the flood lets it be read.
 */
export async function whileProbed(
  { child, publicPort }: Pick<ServerProcess, "child" | "publicPort">,
  work: () => Promise<unknown>,
): Promise<Seen> {
  const workerData: Probed = { port: publicPort, pid: child.pid! };
  const probe = new Worker(new URL("./probe-thread.ts", import.meta.url), { workerData });
  try {
    await once(probe, "message");
    const failed = new Promise<never>((_, fail) => probe.once("error", fail));
    await Promise.race([work(), failed]);
    const told = once(probe, "message") as Promise<[Seen]>;
    probe.postMessage("over");
    const [seen] = await Promise.race([told, failed]);
    return seen;
  } finally {
    await probe.terminate();
  }
}

/** Whether a server has got over it: everybody else was answered at once, and its memory stayed what it is. */
export function assertUnharmed({ slowestMs, mostMb, probes, withoutCoreMs }: Seen): void {
  const seen = `${probes} probes, the slowest took ${Math.round(slowestMs)} ms of ${boundMs} and ${Math.round(withoutCoreMs)} ms without a core; ${mostMb} MB of ${boundMb}`;
  if (process.env["OSTIARY_TEST_TELL"]) console.log(seen);
  assert.ok(slowestMs <= boundMs, seen);
  assert.ok(mostMb <= boundMb, seen);
}
