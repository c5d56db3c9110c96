import { DatabaseUnavailable } from "./failure.ts";

/** A mutex for the one connection that writes: it is given to one after the other, in the order in which they asked. */
export interface Mutex {
  /** Waits for its turn, but not for ever: whoever holds it may be stuck. */
  acquire(): Promise<void>;
  release(): void;
}

const longMs = 5;

/** Makes a mutex that nobody holds; waits longer than this are refused. */
export function createMutex(patienceMs: number): Mutex {
  const waiting: { readonly resolve: () => void; readonly timer: NodeJS.Timeout }[] = [];
  let taken = false;
  let began: number | undefined;

  /** Whether so many have had their turn at once that the event loop should look at something else: a write blocks it. */
  function isLong(): boolean {
    if (began !== undefined) return performance.now() - began > longMs;
    began = performance.now();
    setImmediate(() => (began = undefined));
    return false;
  }

  return {
    acquire() {
      if (!taken) {
        taken = true;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(entry), 1);
          reject(new DatabaseUnavailable("The connection that writes did not come free in time."));
        }, patienceMs);
        const entry = { resolve, timer };
        waiting.push(entry);
      });
    },
    release() {
      const next = waiting.shift();
      if (!next) {
        taken = false;
        return;
      }
      clearTimeout(next.timer);
      if (isLong()) setImmediate(next.resolve);
      else next.resolve();
    },
  };
}
