import assert from "node:assert/strict";
import http from "node:http";
import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { ServerProcess } from "./server-process.ts";

/** What was seen of a server while something was done to it. */
export interface Seen {
  /** The longest that it took to say that it is alive, in milliseconds. */
  readonly slowestMs: number;
  /** The most memory that it held, in MB. */
  readonly mostMb: number;
  readonly probes: number;
}

const boundMb = 400;
const boundMs = 250;
const everyMs = 20;
const mostPatienceMs = 10_000;

/** Asks a server again and again whether it is alive, on a connection of its own each time, while `work` goes on. */
export async function whileProbed(server: ServerProcess, work: () => Promise<unknown>): Promise<Seen> {
  let [slowestMs, mostMb, probes] = [0, 0, 0];
  let done = false;
  const probing = (async () => {
    while (!done || !probes) {
      const start = performance.now();
      await probe(server.publicPort);
      slowestMs = Math.max(slowestMs, performance.now() - start);
      mostMb = Math.max(mostMb, server.residentMb());
      probes++;
      await pause(everyMs);
    }
  })();
  await Promise.all([work().finally(() => (done = true)), probing]);
  return { slowestMs, mostMb, probes };
}

/** Whether a server has got over it: everybody else was answered at once, and its memory stayed what it is. */
export function assertUnharmed({ slowestMs, mostMb, probes }: Seen): void {
  // The bound is that of a server with a machine to itself. Here the flood, other tests and the server share its cores,
  // and the probe waits for the turns of the process that floods; a server that works floods off takes ten seconds and more.
  const patienceMs = 12 * boundMs * Math.max(1, loadavg()[0]!);
  const seen = `${probes} probes, the slowest took ${Math.round(slowestMs)} ms of ${Math.round(patienceMs)}; ${mostMb} MB`;
  assert.ok(slowestMs <= patienceMs, seen);
  assert.ok(mostMb <= boundMb, seen);
}

function probe(port: number): Promise<void> {
  return new Promise((ok, fail) => {
    const request = http.get({ port, host: "127.0.0.1", path: "/health/alive", agent: false, timeout: mostPatienceMs }, (response) => {
      response.resume().once("end", () => (response.statusCode === 200 ? ok() : fail(new Error(`health: ${response.statusCode}`))));
    });
    request.on("error", fail).on("timeout", () => request.destroy(new Error("the server says nothing any more")));
  });
}
