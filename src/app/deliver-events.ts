import { eventDocument } from "../api/admin/event-document.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../server/metrics.ts";
import { startDispatcher } from "../subscription/dispatcher.ts";
import { type DeliveryFigures, readFigures } from "../subscription/figures.ts";
import { createRegistry } from "../subscription/registry.ts";
import { startWorker } from "../subscription/worker.ts";
import type { Directory } from "../tenant/directory.ts";
import { systemContext } from "./system-context.ts";

/** What events are delivered with. */
export interface DeliveryOptions {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly directory: Directory;
  readonly metrics: Metrics;
  readonly now?: () => Date;
}

const countEveryMs = 15_000;

/** Takes in events for subscriptions, and delivers them. Every server does; where nobody is subscribed, nothing is read. */
export function startDeliveries({ now = () => new Date(), ...options }: DeliveryOptions): { stop(): Promise<void> } {
  const { db, log, directory, metrics } = options;
  const parts = { ...options, now };
  const registry = createRegistry(parts);
  const worker = startWorker({
    ...parts,
    registry,
    present: eventDocument,
    contextOf: async (tenant) => systemContext(parts, tenant, await directory.configOf(tenant)),
    observe: metrics.observeDelivery,
  });
  const dispatcher = startDispatcher({ db, log, now, registry, onDeliveries: worker.notify });
  const stopCounting = count(parts, async () => (await registry.current()).length > 0);
  return {
    async stop() {
      stopCounting();
      await dispatcher.stop();
      await worker.stop();
    },
  };
}

function count({ db, metrics, now }: Required<DeliveryOptions>, isNeeded: () => Promise<boolean>): () => void {
  const none: DeliveryFigures = { pending: 0, lagSeconds: 0, failing: 0 };
  let figures = none;
  metrics.showDeliveries(() => figures);
  const timer = setInterval(() => {
    isNeeded()
      .then(async (needed) => (figures = needed ? await readFigures(db, now()) : none))
      // Told by those who deliver, who read by the same database.
      .catch(() => undefined);
  }, countEveryMs).unref();
  return () => clearInterval(timer);
}
