/** Ends somebody's wait. */
export interface Bell {
  /** Ends the wait under way; the next one at once, if there is none. */
  ring(): void;
  /** Waits for the bell, but not longer. */
  wait(ms: number): Promise<void>;
}

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
          const timer = setTimeout(resolve, ms);
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
