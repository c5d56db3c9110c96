import { setTimeout as pause } from "node:timers/promises";
import type { ConfigStore } from "../config/watch.ts";
import type { Log } from "../log.ts";
import { createBus } from "./bus.ts";
import { createLeadership } from "./leader.ts";
import { snapshotOf, type Addresses, type FromWorker } from "./messages.ts";
import { createPool } from "./pool.ts";
import { createPorts } from "./ports.ts";
import { watchWorkers } from "./watchdog.ts";
import type { Worker } from "./worker.ts";

/** What a supervisor works with. */
export interface SupervisorOptions {
  readonly store: ConfigStore;
  readonly log: Log;
  /** How many workers there are to be, 2 or more. */
  readonly count: number;
}

/** A server of several workers. */
export interface Supervisor {
  readonly addresses: Addresses;
  /** The workers' process ids, by their numbers. */
  readonly pids: readonly number[];
  /** Rejects where no worker is left, and new ones end as soon as they start. */
  readonly failed: Promise<never>;
  /** Drains all workers, as a server of one process drains, and waits until they have ended. */
  close(): Promise<void>;
}

/** How much longer than its configuration says a worker may drain: messages that are being sent are waited for, too. */
const patienceMs = 20_000;

/**
 * Starts the workers of a server and keeps them running. The first one is ready before the others start: migrations, and whatever
 * keeps a server from starting, are its alone.
 */
export async function supervise({ store, log, count }: SupervisorOptions): Promise<Supervisor> {
  const [bus, ports] = [createBus(), createPorts()];
  const pool = createPool({
    count,
    log,
    receive,
    ended(worker) {
      bus.remove(worker);
      ports.lose(worker);
      leadership.lose(worker);
    },
  });
  const leadership = createLeadership(pool.workers);
  const patience = () => store.current().serve.worker_timeout;
  const watchdog = watchWorkers({ workers: pool.workers, log, patienceMs: patience });
  const sendAll = (message: Parameters<Worker["send"]>[0]) => pool.workers.forEach((worker) => worker.send(message));

  function receive(worker: Worker, message: FromWorker): void {
    switch (message.kind) {
      case "online":
        leadership.appoint();
        worker.send({ kind: "inherit", answers: bus.lastOf(worker.number) });
        if (pool.started) worker.send({ kind: "started" });
        return worker.send({ kind: "start", ...snapshotOf(store.current()) });
      case "ready":
        return bus.add(worker);
      case "pong":
        return watchdog.answered(worker);
      case "judged":
        return leadership.judged(message.id, message.faults);
      case "listen":
      case "accepted":
      case "open":
      case "close":
        return void ports.receive(worker, message);
      default:
        return bus.receive(worker, message);
    }
  }

  async function close(): Promise<void> {
    pool.retire();
    const { lame_duck, timeout } = store.current().serve.shutdown;
    const all = Promise.all([...pool.workers.values()].map(({ ended }) => ended));
    sendAll({ kind: "drain" });
    const late = pause(lame_duck + timeout + patienceMs, "late", { ref: false });
    const outcome = await Promise.race([all, late]);
    end();
    if (outcome === "late") throw new Error("Workers did not drain in time and were killed.");
  }

  function end(): void {
    watchdog.stop();
    pool.retire();
    pool.kill();
    ports.close();
    process.off("exit", pool.kill);
  }

  // Whoever asks a second time for the end of the server does not wait.
  process.on("exit", pool.kill);
  store.vet(leadership.judge);
  store.onChange((config) => sendAll({ kind: "config", ...snapshotOf(config) }));
  try {
    const addresses = await pool.start();
    sendAll({ kind: "started" });
    const pids = [...pool.workers.values()].map(({ pid }) => pid);
    return { addresses, pids, failed: pool.failed, close };
  } catch (error) {
    end();
    throw error;
  }
}
