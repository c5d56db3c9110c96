import type { Log } from "../../src/log.ts";

/** A log that nobody reads, but for errors when a test is looked into. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error(event, fields) {
    if (process.env["OSTIARY_TEST_LOG"]) console.error(event, fields);
  },
};

/** A log whose errors a test reads. */
export function collectingLog(): { readonly log: Log; readonly events: readonly string[] } {
  const events: string[] = [];
  return {
    log: { ...silentLog, error: (event, fields) => void events.push(`${event} ${JSON.stringify(fields)}`) },
    events,
  };
}

/** A log whose warnings a test counts. */
export function warningLog(): { readonly log: Log; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  return { log: { ...silentLog, warn: (event) => void warnings.push(event) }, warnings };
}
