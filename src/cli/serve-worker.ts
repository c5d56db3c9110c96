import type { App } from "../app.ts";
import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import { withFields, type Log } from "../log.ts";
import { onSupervisor, sendToSupervisor, workerNumber } from "../peers.ts";
import { workerConfig } from "../workers/worker-config.ts";
import type { FromWorker, ToWorker } from "../workers/messages.ts";
import { captureConsole } from "./capture-console.ts";
import { loggerOf, tellEnd } from "./start-up.ts";
import { stopSignals } from "./until-stopped.ts";

/**
 * Serves as one of several workers, by the configuration that the supervisor sends, until that one has it drain or is gone; answers
 * with the exit code.
 */
export async function serveAsWorker(
  serve: (store: ConfigStore, log: Log) => Promise<App>,
  lameDuckOf: (config: Config) => number,
): Promise<number> {
  // A terminal, and whoever ends a service, tell all of its processes: when to go is for the supervisor to say.
  for (const signal of stopSignals()) process.on(signal, () => undefined);
  const orphaned = new Promise<"orphaned">((resolve) => process.once("disconnect", () => resolve("orphaned")));
  const [started, drained] = [messageOf("start"), messageOf("drain")];
  onSupervisor<ToWorker>(({ kind }) => {
    if (kind === "ping") sendToSupervisor<FromWorker>({ kind: "pong" });
  });
  sendToSupervisor<FromWorker>({ kind: "online" });
  const store = workerConfig(await started);
  const log = withFields(loggerOf(store.current()), { worker: workerNumber });
  captureConsole(log);
  try {
    const app = await serve(store, log);
    sendToSupervisor<FromWorker>({ kind: "ready", addresses: app.addresses });
    const reason = await Promise.race([orphaned, drained]);
    if (reason === "orphaned") log.error("the supervisor is gone, stopping");
    await app.close(reason === "orphaned" ? 0 : lameDuckOf(store.current()));
    return reason === "orphaned" ? 1 : 0;
  } catch (error) {
    tellEnd(log, error);
    return 1;
  } finally {
    store.close();
    if (process.connected) process.disconnect();
  }
}

/** The first message of a kind from the supervisor. */
const messageOf = <K extends ToWorker["kind"]>(kind: K): Promise<ToWorker & { kind: K }> =>
  new Promise((resolve) => {
    const stop = onSupervisor<ToWorker>((message) => {
      if (message.kind !== kind) return;
      stop();
      resolve(message as ToWorker & { kind: K });
    });
  });
