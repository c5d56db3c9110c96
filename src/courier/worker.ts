import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import type { Tenant } from "../tenant.ts";
import { channelOfAttempt, withoutWay } from "./channel.ts";
import { claim } from "./claim.ts";
import type { Claimed, TenantChannel } from "./claim.ts";
import { nowhere } from "./message.ts";
import { discard, settle, sayWhy } from "./settle.ts";
import type { Fate } from "./settle.ts";
import { createBell } from "./bell.ts";
import { createBreaker } from "./breaker.ts";
import { withDeadline } from "./deadline.ts";
import { createTenantWays } from "./tenant-ways.ts";
import { isUnreachable } from "./unreachable.ts";
import { onMail } from "./wake.ts";

/** What a worker works with. */
export interface WorkerOptions {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly now?: () => Date;
  /** The configuration by which a tenant's messages go out; the server's unless told otherwise. */
  configOf?(tenant: Tenant): Promise<Config>;
  /** Hears what became of each attempt. */
  observe?(channel: string, fate: Fate): void;
}

/** A worker that sends what is in the outbox. There can be any number of them, in any number of processes. */
export interface Worker {
  /** Takes no more messages, and waits for those under way, but not for long: whoever comes next sends them again. */
  stop(): Promise<void>;
}

// Less than the lease, so that whoever holds a message is done with it before it can be taken by another.
const attemptMs = 45_000;
const graceMs = 10_000;
const mostAtOnce = 50;
const longestPauseMs = 30_000;

/** Starts a worker. */
export function startWorker({ store, db, log, now = () => new Date(), observe, configOf = async () => store.current() }: WorkerOptions): Worker {
  let stopping = false;
  const underWay = new Set<Promise<void>>();
  const bell = createBell();
  const atOnce = () => Math.min(store.current().courier.worker.pull_count, mostAtOnce);
  const breaker = createBreaker();
  const ways = createTenantWays(atOnce);
  /** The configuration of each tenant whose last message could not go out. */
  const configs = new Map<string, Config>();

  async function attempt(claimed: Claimed): Promise<void> {
    const { message, tenant } = claimed;
    const { id, templateType, sendCount } = message;
    if (message.channel === nowhere) return discard(db, claimed);
    const { courier: { message_retries: retries }, dev } = store.current();
    let { channel } = message;
    let error: unknown;
    try {
      const config = await configOf(tenant);
      configs.set(tenant.id, config);
      channel = channelOfAttempt(config.courier, message);
      // It was under way more often than it may be, and nobody came back from it: it may be what kills workers.
      if (sendCount > retries + 1) throw new Error("Every worker that took the message was lost.");
      await withDeadline(attemptMs, (signal) => ways.of(tenant.id, config).deliver(message, { clients: config.clients, signal }));
    } catch (thrown) {
      error = thrown ?? new Error("unknown");
    }
    if (!isUnreachable(error)) configs.delete(tenant.id);
    const pauseMs = breaker.note(keyOf(tenant.id, channel), !isUnreachable(error), now().getTime());
    if (pauseMs !== undefined) log.warn("a channel is left alone, for nothing can be reached by it", { channel, pauseMs });
    const fate = await settle(db, claimed, error, { retries, keepWords: dev, now: now() });
    if (fate) observe?.(channel, fate);
    const told = { message: id, channel, type: templateType, attempt: sendCount };
    if (fate === "sent") log.debug("a message was sent", told);
    else log.warn("a message was not sent", { ...told, next: fate ?? "lost to another worker", reason: sayWhy(error) });
  }

  function track(claimed: Claimed): void {
    const work = attempt(claimed)
      .catch((error: unknown) => log.error("how a message fared could not be written down", { message: claimed.message.id, error }))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  /** Takes what is due, but of channels that are left alone no more than one message to try them out. */
  async function take(free: number): Promise<Claimed[]> {
    const taken: Claimed[] = [];
    const left = channelsLeftAlone();
    const due = breaker.toTry(now().getTime());
    for (const channel of left.filter(({ tenantId, ways: all }) => all.some((way) => due.includes(keyOf(tenantId, way)))).slice(0, free)) {
      const [one] = await claim(db, 1, now, { channels: [channel], alone: true });
      if (!one) continue;
      breaker.trying(keyOf(one.tenant.id, channelOfAttempt(courierOf(one.tenant.id), one.message)), now().getTime() + attemptMs);
      taken.push(one);
    }
    const more = free - taken.length;
    return more > 0 ? [...taken, ...(await claim(db, more, now, { channels: left, alone: false }))] : taken;
  }

  const courierOf = (tenantId: string) => (configs.get(tenantId) ?? store.current()).courier;

  /** One tenant's mail server that is down is no reason to leave another's alone. */
  function channelsLeftAlone(): (TenantChannel & { readonly ways: readonly string[] })[] {
    const byTenant = Map.groupBy(breaker.left(), tenantIn);
    return [...byTenant].flatMap(([tenantId, keys]) =>
      withoutWay(courierOf(tenantId), keys.map(channelIn)).map((channel) => ({ tenantId, ...channel })),
    );
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping; ) {
      const free = atOnce() - underWay.size;
      try {
        const claimed = free > 0 ? await take(free) : [];
        for (const one of claimed) track(one);
        failures = 0;
        if (claimed.length === free || free <= 0) await Promise.race(underWay);
        else await bell.wait(store.current().courier.worker.pull_wait);
      } catch (error) {
        failures++;
        log.warn("the outbox could not be read", { error, failures });
        await bell.wait(Math.min(1000 * 2 ** (failures - 1), longestPauseMs));
      }
    }
  }

  const silence = onMail(db, bell.ring);
  const running = run();
  return {
    async stop() {
      silence();
      stopping = true;
      bell.ring();
      await Promise.race([running.then(() => Promise.all(underWay)), pause(graceMs, undefined, { ref: false })]);
      ways.close();
    },
  };
}

// Ids of tenants have no blank.
const keyOf = (tenantId: string, channel: string): string => `${tenantId} ${channel}`;
const tenantIn = (key: string): string => key.slice(0, key.indexOf(" "));
const channelIn = (key: string): string => key.slice(key.indexOf(" ") + 1);
