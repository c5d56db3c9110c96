import { DatabaseUnavailable } from "./failure.ts";

/** One connection for all, given to one after the other in the order in which they asked. */
export interface Turns {
  /** Waits for its turn, but not for ever: whoever has it may be stuck. */
  take(): Promise<void>;
  give(): void;
}

const longMs = 5;

/** Begins with nobody's turn. */
export function takeTurns(patienceMs: number): Turns {
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
    take() {
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
    give() {
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
