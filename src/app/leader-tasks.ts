import type { CleanerOptions } from "../cleanup/cleaner.ts";
import { startCleaner } from "../cleanup/cleaner.ts";
import { startWorker } from "../courier/worker.ts";
import { followHealth } from "../db/follow-health.ts";
import type { Metrics } from "../server/metrics.ts";
import type { Tracer } from "../tracing/tracer.ts";
import type { Directory } from "../tenant/directory.ts";
import { startDueDeletions } from "./delete-due.ts";
import { startDeliveries } from "./deliver-events.ts";
import { startNumbering } from "./number-events.ts";
import { resumeDeletions } from "../tenant/purge.ts";

/** What the tasks of a server are done with. */
export interface LeaderTaskOptions extends CleanerOptions {
  readonly directory: Directory;
  readonly metrics: Metrics;
  readonly tracer: Tracer | undefined;
}

/** What one worker does for all of a server: it watches the database, goes on with deletions, numbers events, delivers messages and cleans up. */
export interface LeaderTasks {
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

/** Takes up the tasks of a server. */
export function startLeaderTasks({ directory, metrics, tracer, ...parts }: LeaderTaskOptions): LeaderTasks {
  const { store, db, log } = parts;
  // The embedded database has nobody else to look after it, and was migrated at the start.
  const unfollow = db.dialect === "sqlite" ? undefined : followHealth({ db, log });
  void resumeDeletions(db, log);
  const workers: { stop(): Promise<void> }[] = [
    startCleaner(parts),
    startDueDeletions({ ...parts, directory }),
    startNumbering(parts),
  ];
  if (store.current().webhooks.worker.enabled) workers.push(startDeliveries({ ...parts, directory, metrics }));
  if (store.current()["watch-courier"])
    workers.push(startWorker({ ...parts, configOf: directory.configOf, observe: metrics.observeMail, tracer }));
  return {
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      unfollow?.();
    },
  };
}
