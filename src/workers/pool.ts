import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { Addresses, FromWorker } from "./messages.ts";
import { startWorker, type Ending, type Worker } from "./worker.ts";

/** What a pool works with. */
export interface PoolOptions {
  readonly count: number;
  readonly log: Log;
  /** Hears all that workers send. */
  receive(worker: Worker, message: FromWorker): void;
  /** Hears that a worker has ended. */
  ended(worker: Worker): void;
}

/** The worker processes of a server. */
export interface Pool {
  /** Those that run, ready or not. */
  readonly workers: ReadonlyMap<number, Worker>;
  /** Whether all of them have been ready once. */
  readonly started: boolean;
  /** Starts the first worker, and the others once it is ready; rejects as soon as one of them ends. */
  start(): Promise<Addresses>;
  /** Rejects where no worker is left, and new ones end as soon as they start. */
  readonly failed: Promise<never>;
  /** Replaces nobody any more. */
  retire(): void;
  /** Ends all at once. */
  kill(): void;
}

/** A worker that has been ready for so long does not end for a reason that is there from the start. */
const soundMs = 10_000;
const firstPauseMs = 250;
const longestPauseMs = 30_000;
const mostFailures = 5;

/** Makes a pool, which replaces a worker that ends: at once if it was sound, else after a pause that doubles (exponential back-off). */
export function createPool({ count, log, ...options }: PoolOptions): Pool {
  const workers = new Map<number, Worker>();
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  let started = false;
  let retired = false;
  let failures = 0;

  function run(number: number): Promise<Addresses> {
    return new Promise((resolve, reject) => {
      const worker = startWorker(number, count, (from, message) => {
        if (message.kind === "ready") from.readySince = performance.now();
        options.receive(from, message);
        if (message.kind === "ready") resolve(message.addresses);
      });
      workers.set(number, worker);
      void worker.ended.then((ending) => {
        workers.delete(number);
        options.ended(worker);
        const error = new Error(`Worker ${number} exited during startup (${describe(ending)}).`);
        reject(error);
        if (!started) fail(error);
        else if (!retired) void replace(worker, ending);
      });
    });
  }

  async function replace({ number, readySince }: Worker, ending: Ending): Promise<void> {
    const servedMs = readySince === undefined ? 0 : performance.now() - readySince;
    failures = servedMs > soundMs ? 0 : failures + 1;
    const reason = describe(ending);
    if (failures >= mostFailures && workers.size === 0)
      return fail(
        new Error(`No worker is running, and ${failures} in a row exited right after they started (${reason}).`),
      );
    const waitMs = failures === 0 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
    log.error("worker exited, restarting it", { exited: number, reason, after_ms: Math.round(servedMs), waitMs });
    await pause(waitMs);
    if (retired) return;
    await run(number).then(
      () => log.info("worker restarted", { restarted: number, pid: workers.get(number)?.pid }),
      // It is replaced in its turn.
      () => undefined,
    );
  }

  return {
    workers,
    failed,
    get started() {
      return started;
    },
    async start() {
      const addresses = await run(1);
      const others = Array.from({ length: count - 1 }, (_, at) => run(at + 2));
      await Promise.race([Promise.all(others), failed]);
      started = true;
      return addresses;
    },
    retire: () => void (retired = true),
    kill: () => workers.forEach((worker) => worker.kill()),
  };
}

const describe = ({ code, signal }: Ending): string => signal ?? `exit code ${code}`;
