import type { Log } from "../log.ts";
import type { Worker } from "./worker.ts";

/** Watches whether workers answer. */
export interface Watchdog {
  /** Hears that a worker has answered. */
  answered(worker: Worker): void;
  stop(): void;
}

/** What a watchdog works with. */
export interface WatchdogOptions {
  readonly workers: ReadonlyMap<number, Worker>;
  readonly log: Log;
  /** How long a worker may leave the supervisor without an answer; 0 for as long as it likes. */
  patienceMs(): number;
}

const asksPerPatience = 5;
const longestPauseMs = 5000;

/**
 * Kills workers that do not answer any more, so that they are replaced like others that end. They are asked again and again: whoever has
 * left so many questions in a row without an answer, over all of the patience, is stuck. Questions are counted, not only time, since a
 * machine that was asleep wakes up with all of its time gone by.
 */
export function watchWorkers({ workers, log, patienceMs }: WatchdogOptions): Watchdog {
  const unanswered = new WeakMap<Worker, { readonly since: number; asked: number }>();
  let timer: NodeJS.Timeout;

  function look(): void {
    const patience = patienceMs();
    const now = performance.now();
    if (patience > 0)
      for (const worker of workers.values()) if (worker.readySince !== undefined) ask(worker, now, patience);
    timer = setTimeout(look, Math.min(longestPauseMs, patience / asksPerPatience || longestPauseMs)).unref();
  }

  function ask(worker: Worker, now: number, patience: number): void {
    const waiting = unanswered.get(worker);
    if (!waiting) unanswered.set(worker, { since: now, asked: 1 });
    else if (now - waiting.since < patience || waiting.asked < asksPerPatience) waiting.asked++;
    else {
      log.error("worker does not answer, killing it", {
        hung: worker.number,
        pid: worker.pid,
        after_ms: Math.round(now - waiting.since),
      });
      return worker.kill();
    }
    worker.send({ kind: "ping" });
  }

  look();
  return {
    answered: (worker) => void unanswered.delete(worker),
    stop: () => clearTimeout(timer),
  };
}
