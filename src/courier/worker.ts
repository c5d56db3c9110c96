import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import type { Tracer } from "../tracing/tracer.ts";
import type { Tenant } from "../tenant.ts";
import { attempt, attemptMs } from "./attempt.ts";
import type { AttemptParts } from "./attempt.ts";
import { startWork } from "../delivery/worker.ts";
import type { Worker } from "../delivery/worker.ts";
import { claim } from "./claim.ts";
import type { Claimed } from "./claim.ts";
import type { DeliveryOutcome } from "./settle.ts";
import { createTenantBreaker } from "./tenant-breaker.ts";
import { createChannelPool } from "./channel-pool.ts";
import { enqueued } from "./enqueued.ts";

/** What a worker works with. */
export interface WorkerOptions {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly now?: () => Date;
  /** The configuration by which a tenant's messages go out; the server's unless told otherwise. */
  configOf?(tenant: Tenant): Promise<Config>;
  /** Goes on with the traces of messages, where anything is traced. */
  readonly tracer?: Tracer | undefined;
  /** Hears what became of each attempt. */
  observe?(channel: string, outcome: DeliveryOutcome): void;
}

const mostAtOnce = 50;

/** Starts a worker that sends what is in the outbox. There can be any number of them, in any number of processes. */
export function startWorker({ now = () => new Date(), configOf, ...options }: WorkerOptions): Pick<Worker, "stop"> {
  const { store, db, log } = options;
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
  const worker = startWork<Claimed>({
    atOnce,
    take: (free) => take(free, parts),
    work: (claimed) =>
      attempt(claimed, parts).catch((error: unknown) =>
        log.error("how a message fared could not be written down", { message: claimed.message.id, error }),
      ),
    pauseMs: () => store.current().courier.worker.pull_wait,
    failed: (error, failures) => log.warn("the outbox could not be read", { error, failures }),
  });
  const unsubscribe = enqueued.hear(db, worker.notify);
  return {
    async stop() {
      unsubscribe();
      await worker.stop();
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
