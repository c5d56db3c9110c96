import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import { cleanUp } from "./clean-up.ts";

/** What a cleaner works with. */
export interface CleanerOptions {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly now?: () => Date;
}

/** Deletes what has run out, every now and then. */
export interface Cleaner {
  /** Waits for the batch under way. */
  stop(): Promise<void>;
}

const hourMs = 3_600_000;
// Whoever comes back to a page of yesterday is told that it ran out, and gets a new one.
const leastKeptMs = 24 * hourMs;
// How soon a changed configuration is noticed.
const longestWaitMs = 60_000;

/** Starts a cleaner, which does nothing while the configuration wants none. */
export function startCleaner({ store, db, log, now = () => new Date() }: CleanerOptions): Cleaner {
  const ended = new AbortController();
  const { signal } = ended;
  // Soon after the start, but servers that start together shall not clean together.
  let last = performance.now() - (0.9 + 0.1 * Math.random()) * (interval(store.current(), db) || hourMs);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function round(): Promise<void> {
    const { database, events } = store.current();
    const { cleanup } = database;
    const start = performance.now();
    const deleted = await cleanUp(db, {
      batchSize: cleanup.batch_size,
      tablePauseMs: cleanup.sleep.tables,
      keepMs: Math.max(cleanup.older_than, leastKeptMs),
      keepMessagesMs: cleanup.messages_older_than,
      keepDeliveriesMs: cleanup.deliveries_older_than,
      keepEventsMs: events.append_only ? undefined : events.retention,
      now,
      signal,
    });
    if (Object.values(deleted).some((count) => count > 0))
      log.info("what had run out was deleted", { ...deleted, ms: Math.round(performance.now() - start) });
  }

  function wait(): void {
    if (signal.aborted) return;
    const every = interval(store.current(), db);
    const left = every === 0 ? longestWaitMs : Math.max(0, last + every - performance.now());
    timer = setTimeout(
      () => {
        if (every === 0 || left > longestWaitMs) return wait();
        last = performance.now();
        running = round()
          .catch((error: unknown) => log.warn("what has run out could not be deleted", { error }))
          .finally(wait);
      },
      Math.min(left, longestWaitMs),
    );
    timer.unref();
  }

  wait();
  return {
    async stop() {
      clearTimeout(timer);
      ended.abort();
      await running;
    },
  };
}

/** Nobody else looks after the embedded database; the others have operators, and servers beside this one. */
const interval = ({ database }: Config, { dialect }: Database): number =>
  database.cleanup.every ?? (dialect === "sqlite" ? hourMs : 0);
