/** Wakes one who waits; what was notified before a wait ends that at once (as an auto-reset event does). */
export interface Notifier {
  /** Ends the wait under way; the next one at once, if there is none. */
  notify(): void;
  /** Waits until notified, or for so many milliseconds. */
  wait(ms: number): Promise<void>;
}

/** What a timer takes for longer is over at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Calls back after so many milliseconds; answers with the way to stop that. */
export type Alarm = (ms: number, ring: () => void) => () => void;

const alarmByTimer: Alarm = (ms, ring) => {
  const timer = setTimeout(ring, Math.min(ms, longestTimerMs));
  return () => clearTimeout(timer);
};

/** Makes a notifier for one who waits. */
export function createNotifier(alarm: Alarm = alarmByTimer): Notifier {
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
          const cancel = alarm(ms, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
      notified = false;
      wake = undefined;
    },
  };
}
