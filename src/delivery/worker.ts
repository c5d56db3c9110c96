import { setTimeout as pause } from "node:timers/promises";
import { createNotifier } from "../notifier.ts";

/** What a worker does, and how much of it. */
export interface Work<Item> {
  /** How many items may be under way. */
  atOnce(): number;
  /** Takes so many of what is due, or fewer. */
  take(free: number): Promise<readonly Item[]>;
  /** Does the work; what it throws is a mistake. */
  work(item: Item): Promise<void>;
  /** How long to wait in milliseconds where less was due than could be taken. */
  pauseMs(): number;
  /** Hears that nothing could be taken, so many times in a row by now. */
  failed(error: unknown, failures: number): void;
}

/** A worker that takes what is due. There can be any number of them, in any number of processes. */
export interface Worker {
  /** Has it look at once. */
  notify(): void;
  /** Takes nothing more, and waits for what is under way, but not for long: whoever comes next does it again. */
  stop(): Promise<void>;
}

const graceMs = 10_000;
const longestPauseMs = 30_000;

/** Starts a worker. */
export function startWork<Item>({ atOnce, take, work, pauseMs, failed }: Work<Item>): Worker {
  let stopping = false;
  const underWay = new Set<Promise<void>>();
  const notifier = createNotifier();

  function begin(item: Item): void {
    const working = work(item).finally(() => underWay.delete(working));
    underWay.add(working);
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping;) {
      const free = atOnce() - underWay.size;
      try {
        const taken = free > 0 ? await take(free) : [];
        for (const one of taken) begin(one);
        failures = 0;
        if (taken.length === free || free <= 0) await Promise.race(underWay);
        else await notifier.wait(pauseMs());
      } catch (error) {
        failures++;
        failed(error, failures);
        await notifier.wait(Math.min(1000 * 2 ** (failures - 1), longestPauseMs));
      }
    }
  }

  const running = run();
  return {
    notify: notifier.notify,
    async stop() {
      stopping = true;
      notifier.notify();
      await Promise.race([running.then(() => Promise.all(underWay)), pause(graceMs, undefined, { ref: false })]);
    },
  };
}
