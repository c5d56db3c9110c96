import { setImmediate, setTimeout as pause } from "node:timers/promises";
import { noteConnection } from "./queue.ts";

/** Knows when connections come. */
export interface Arrivals {
  /** One has come. */
  note(): void;
  /** Waits until none has come for so long, but no longer than `mostMs`. */
  calm(calmMs: number, mostMs: number): Promise<void>;
}

/** Watches the connections of one port. */
export function watchArrivals(): Arrivals {
  let last = 0;
  let count = 0;

  /** The event loop takes one connection in each turn: to a process that had no time for long, it looks calm while many wait. */
  async function takeAll(): Promise<void> {
    for (let before = -1; before !== count;) {
      before = count;
      await setImmediate();
      await setImmediate();
    }
  }

  return {
    note() {
      last = performance.now();
      count++;
      noteConnection();
    },
    async calm(calmMs, mostMs) {
      const start = performance.now();
      do {
        await pause(calmMs / 10);
        await takeAll();
      } while (performance.now() - Math.max(start, last) < calmMs && performance.now() - start < mostMs);
    },
  };
}
