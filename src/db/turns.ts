import { DatabaseUnavailable } from "./failure.ts";

/** One connection for all, given to one after the other in the order in which they asked. */
export interface Turns {
  /** Waits for its turn, but not for ever: whoever has it may be stuck. */
  take(): Promise<void>;
  give(): void;
}

/** Begins with nobody's turn. */
export function takeTurns(patienceMs: number): Turns {
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    take() {
      if (!taken) {
        taken = true;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const next = () => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(next), 1);
          reject(new DatabaseUnavailable("The connection that writes did not come free in time."));
        }, patienceMs);
        waiting.push(next);
      });
    },
    give() {
      const next = waiting.shift();
      if (next) next();
      else taken = false;
    },
  };
}
