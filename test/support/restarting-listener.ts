import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { createListener } from "../../src/server/listener.ts";

/** What a thread is told that serves and restarts. */
export interface Restarting {
  readonly restarts: number;
  readonly upMs: number;
  readonly lameDuckMs: number;
}

const { restarts, upMs, lameDuckMs } = workerData as Restarting;

async function listen(port: number) {
  const listener = createListener(
    { host: "127.0.0.1", port, requestTimeoutMs: 5000, idleTimeoutMs: 60_000 },
    (req, res) => {
      req.resume().once("end", () => setTimeout(() => (res as ServerResponse).end("ok"), Math.random() * 4));
    },
  );
  return { ...listener, port: Number(new URL(await listener.listen()).port) };
}

let listener = await listen(0);
const { port } = listener;
parentPort!.postMessage(port);
for (let n = 0; n < restarts; n++) {
  await pause(upMs);
  await listener.close(5000, lameDuckMs);
  listener = await listen(port);
}
parentPort!.postMessage("done");
parentPort!.once("message", () => void listener.close(0).then(() => process.exit()));
