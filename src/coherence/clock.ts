import type { Alarm } from "../notifier.ts";

/** Time as a process has it. */
export interface Clock {
  now(): Moment;
  /** Calls back after so many milliseconds, or later; answers with the way to stop that. */
  readonly alarm: Alarm;
}

/** When something was, by both clocks, in milliseconds: neither means anything but as a difference. */
export interface Moment {
  /** Never steps, but stands still while the machine sleeps. */
  readonly monotonic: number;
  /** Goes on while the machine sleeps, but may be set. */
  readonly wall: number;
}

/**
 * How long ago something was at most, in milliseconds: the longer of what both clocks say. So a machine that has slept knows it,
 * and a clock that is set makes a time longer, never shorter than it was.
 */
export const atMostMs = (since: Moment, now: Moment): number =>
  Math.max(now.monotonic - since.monotonic, now.wall - since.wall);

/** How long ago something was at least: by the clock that never steps. */
export const atLeastMs = (since: Moment, now: Moment): number => now.monotonic - since.monotonic;

/** The clocks of this process. */
export const systemClock: Clock = {
  now: () => ({ monotonic: performance.now(), wall: Date.now() }),
  alarm(ms, ring) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits until something was so long ago at least: timers count from when a turn of the event loop began, and may be early by that. */
export function untilPast(clock: Clock, since: Moment, ms: number): { readonly past: Promise<void>; cancel(): void } {
  let cancel: () => void = () => undefined;
  const past = new Promise<void>((done) => {
    const look = (): void => {
      const leftMs = ms - atLeastMs(since, clock.now());
      if (leftMs <= 0) done();
      else cancel = clock.alarm(leftMs, look);
    };
    look();
  });
  return { past, cancel: () => cancel() };
}
