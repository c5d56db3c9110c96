/** Ends somebody's wait. */
export interface Bell {
  /** Ends the wait under way; the next one at once, if there is none. */
  ring(): void;
  /** Waits for the bell, but not longer. */
  wait(ms: number): Promise<void>;
}

/** What a timer takes for longer is over at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Makes a bell for one who waits. */
export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms) {
      if (!rung)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(ms, longestTimerMs));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      rung = false;
      wake = undefined;
    },
  };
}
