import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import type { Tenant } from "../tenant.ts";
import { attempt, attemptMs } from "./attempt.ts";
import type { AttemptParts } from "./attempt.ts";
import { createNotifier } from "../notifier.ts";
import { claim } from "./claim.ts";
import type { Claimed } from "./claim.ts";
import type { DeliveryOutcome } from "./settle.ts";
import { createTenantBreaker } from "./tenant-breaker.ts";
import { createChannelPool } from "./channel-pool.ts";
import { onEnqueued } from "./on-enqueued.ts";

/** What a worker works with. */
export interface WorkerOptions {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly now?: () => Date;
  /** The configuration by which a tenant's messages go out; the server's unless told otherwise. */
  configOf?(tenant: Tenant): Promise<Config>;
  /** Hears what became of each attempt. */
  observe?(channel: string, outcome: DeliveryOutcome): void;
}

/** A worker that sends what is in the outbox. There can be any number of them, in any number of processes. */
export interface Worker {
  /** Takes no more messages, and waits for those under way, but not for long: whoever comes next sends them again. */
  stop(): Promise<void>;
}

const graceMs = 10_000;
const mostAtOnce = 50;
const longestPauseMs = 30_000;

/** Starts a worker. */
export function startWorker({ now = () => new Date(), configOf, ...options }: WorkerOptions): Worker {
  const { store, db, log } = options;
  let stopping = false;
  const underWay = new Set<Promise<void>>();
  const notifier = createNotifier();
  const atOnce = () => Math.min(store.current().courier.worker.pull_count, mostAtOnce);
  const breaker = createTenantBreaker(() => store.current());
  const channelPool = createChannelPool(atOnce);
  const parts: AttemptParts = {
    ...options,
    now,
    configOf: configOf ?? (async () => store.current()),
    breaker,
    channelPool,
  };

  function track(claimed: Claimed): void {
    const work = attempt(claimed, parts)
      .catch((error: unknown) =>
        log.error("how a message fared could not be written down", { message: claimed.message.id, error }),
      )
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping;) {
      const free = atOnce() - underWay.size;
      try {
        const claimed = free > 0 ? await take(free, parts) : [];
        for (const one of claimed) track(one);
        failures = 0;
        if (claimed.length === free || free <= 0) await Promise.race(underWay);
        else await notifier.wait(store.current().courier.worker.pull_wait);
      } catch (error) {
        failures++;
        log.warn("the outbox could not be read", { error, failures });
        await notifier.wait(Math.min(1000 * 2 ** (failures - 1), longestPauseMs));
      }
    }
  }

  const unsubscribe = onEnqueued(db, notifier.notify);
  const running = run();
  return {
    async stop() {
      unsubscribe();
      stopping = true;
      notifier.notify();
      await Promise.race([running.then(() => Promise.all(underWay)), pause(graceMs, undefined, { ref: false })]);
      channelPool.close();
    },
  };
}

/** Takes what is due, but of channels that are left alone no more than one message to try them out. */
async function take(free: number, { db, now, breaker }: AttemptParts): Promise<Claimed[]> {
  const taken: Claimed[] = [];
  const open = breaker.open();
  for (const channel of breaker.due(now().getTime()).slice(0, free)) {
    const [one] = await claim(db, 1, now, { channels: [channel], alone: true });
    if (!one) continue;
    breaker.probing(one.tenant.id, one.message, now().getTime() + attemptMs);
    taken.push(one);
  }
  const more = free - taken.length;
  return more > 0 ? [...taken, ...(await claim(db, more, now, { channels: open, alone: false }))] : taken;
}
