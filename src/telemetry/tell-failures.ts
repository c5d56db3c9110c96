import type { Log } from "../log.ts";

const everyMs = 60_000;

/**
 * Tells the log that what was to be exported is lost, once a minute at most: a receiver that is down would fill the log, and what
 * is in it is not worth that.
 */
export function tellFailures(log: Log, event: string): (reason: string, lost?: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let lostSince = 0;
  return (reason, lost = 0) => {
    lostSince += lost;
    if (performance.now() - toldAt < everyMs) return;
    toldAt = performance.now();
    log.warn(event, { reason: reason.slice(0, 300), ...(lostSince > 0 && { lost: lostSince }) });
    lostSince = 0;
  };
}
