/** Wakes one who waits; what was notified before a wait ends that at once (as an auto-reset event does). */
export interface Notifier {
  /** Ends the wait under way; the next one at once, if there is none. */
  notify(): void;
  /** Waits until notified, or for so many milliseconds. */
  wait(ms: number): Promise<void>;
}

/** What a timer takes for longer is over at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Makes a notifier for one who waits. */
export function createNotifier(): Notifier {
  let notified = false;
  let wake: (() => void) | undefined;
  return {
    notify() {
      notified = true;
      wake?.();
    },
    async wait(ms) {
      if (!notified)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(ms, longestTimerMs));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      notified = false;
      wake = undefined;
    },
  };
}
