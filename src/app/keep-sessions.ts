import { coherenceOf } from "../coherence/coherence.ts";
import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../server/metrics.ts";
import { cacheFigures } from "../session/cache.ts";
import { errorMessage } from "../text/error-message.ts";

/** What keeping sessions in memory takes. */
export interface KeepingParts {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly metrics: Metrics;
}

const none = { hits: 0, misses: 0, entries: 0, bytes: 0 };
const untilToldAgainMs = 60_000;

/** Holds a lease for as long as the configuration says that sessions are kept under one, and shows how that goes. */
export function keepSessions({ store, db, log, metrics }: KeepingParts): { stop(): Promise<void> } {
  const coherence = coherenceOf(db);
  let toldAt = Number.NEGATIVE_INFINITY;
  coherence.onFailure((error) => {
    if (performance.now() - toldAt < untilToldAgainMs) return;
    toldAt = performance.now();
    log.warn("sessions are not answered from memory, or changes of them wait, until the database answers", {
      reason: errorMessage(error),
    });
  });
  coherence.onWaited((ms) => metrics.observeWait(ms / 1000));
  metrics.showSessionCache(() => {
    const lagMs = coherence.lagMs();
    return {
      ...(cacheFigures(db) ?? none),
      invalidations: coherence.validity.count,
      holdsLease: coherence.holds(),
      lagSeconds: lagMs === undefined ? undefined : lagMs / 1000,
    };
  });
  const follow = ({ session }: Config) => void coherence.hold(session.cache.mode === "strict");
  follow(store.current());
  const unfollow = store.onChange(follow);
  return {
    async stop() {
      unfollow();
      await coherence.close();
    },
  };
}
