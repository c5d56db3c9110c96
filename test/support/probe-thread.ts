import { readFileSync } from "node:fs";
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { Probed, Seen } from "./health-probe.ts";

const everyMs = 20;
const mostPatienceMs = 10_000;
const question = "GET /health/alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

const { port, pid } = workerData as Probed;
let over = false;
parentPort!.once("message", () => (over = true));

/** Asks on a connection of its own, and waits for the whole answer. */
function ask(): Promise<void> {
  return new Promise((done, fail) => {
    let answer = "";
    const socket = net.connect(port, "127.0.0.1").setTimeout(mostPatienceMs);
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("timeout", () => socket.destroy(new Error("the server says nothing any more")));
    socket.on("error", fail);
    socket.on("close", () =>
      answer.startsWith("HTTP/1.1 200 ") ? done() : fail(new Error(`health: ${JSON.stringify(answer.slice(0, 20))}`)),
    );
    socket.end(question);
  });
}

/** For how long the server's main thread has had work and no core to do it on (Linux, schedstat), in milliseconds. */
const withoutCoreMs = () => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;

const residentMb = () =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);

const seen = { slowestMs: 0, withoutCoreMs: 0, mostMb: 0, probes: 0 };
// The first question has this thread load what it needs.
await ask();
parentPort!.postMessage("begun");
do {
  const [asked, waited] = [performance.now(), withoutCoreMs()];
  await ask();
  const took = performance.now() - asked;
  const starved = Math.min(withoutCoreMs() - waited, took);
  if (took - starved > seen.slowestMs) [seen.slowestMs, seen.withoutCoreMs] = [took - starved, starved];
  seen.mostMb = Math.max(seen.mostMb, residentMb());
  seen.probes++;
  await pause(everyMs);
} while (!over);
parentPort!.postMessage(seen satisfies Seen);
