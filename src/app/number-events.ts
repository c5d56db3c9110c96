import type { Database } from "../db/connection.ts";
import { numberAllEvents } from "../events/number-all.ts";
import type { Log } from "../log.ts";
import { startRounds } from "./rounds.ts";

/**
 * Numbers and chains events also while nobody reads them: what has happened some seconds ago can no more be changed unnoticed. Every
 * server looks, and each event is numbered by one of them.
 */
export const startNumbering = ({ db, log }: { readonly db: Database; readonly log: Log }): { stop(): Promise<void> } =>
  startRounds({
    everyMs: 2_000,
    complaint: "events could not be numbered",
    log,
    work: (signal) => numberAllEvents(db, signal),
  });
