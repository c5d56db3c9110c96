import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import { channelOfAttempt, withoutWay } from "./channel.ts";
import { claim } from "./claim.ts";
import type { Claimed } from "./claim.ts";
import { openChannels } from "./deliver.ts";
import type { Channels } from "./deliver.ts";
import { nowhere } from "./message.ts";
import { discard, settle, sayWhy } from "./settle.ts";
import type { Fate } from "./settle.ts";
import { createBell } from "./bell.ts";
import { createBreaker } from "./breaker.ts";
import { withDeadline } from "./deadline.ts";
import { isUnreachable } from "./unreachable.ts";
import { onMail } from "./wake.ts";

/** What a worker works with. */
export interface WorkerOptions {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly now?: () => Date;
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
export function startWorker({ store, db, log, now = () => new Date(), observe }: WorkerOptions): Worker {
  let stopping = false;
  const underWay = new Set<Promise<void>>();
  const bell = createBell();
  const atOnce = () => Math.min(store.current().courier.worker.pull_count, mostAtOnce);
  const breaker = createBreaker();
  let channels: { readonly config: Config; readonly open: Channels } | undefined;

  /** A reloaded configuration has ways of its own; what is on the old ones may end there. */
  function currentChannels(): Channels {
    const config = store.current();
    if (!channels || !sameWays(channels.config, config)) {
      channels?.open.close();
      channels = { config, open: openChannels(config, atOnce()) };
    }
    return channels.open;
  }

  async function attempt(claimed: Claimed): Promise<void> {
    const { message } = claimed;
    const { id, templateType, sendCount } = message;
    if (message.channel === nowhere) return discard(db, claimed);
    const { courier, clients, dev } = store.current();
    const channel = channelOfAttempt(courier, message);
    const retries = courier.message_retries;
    let error: unknown;
    try {
      // It was under way more often than it may be, and nobody came back from it: it may be what kills workers.
      if (sendCount > retries + 1) throw new Error("Every worker that took the message was lost.");
      await withDeadline(attemptMs, (signal) => currentChannels().deliver(message, { clients, signal }));
    } catch (thrown) {
      error = thrown ?? new Error("unknown");
    }
    const pauseMs = breaker.note(channel, !isUnreachable(error), now().getTime());
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
    const { courier } = store.current();
    const left = withoutWay(courier, breaker.left());
    const due = breaker.toTry(now().getTime());
    for (const { id } of left.filter(({ ways }) => ways.some((way) => due.includes(way))).slice(0, free)) {
      const [one] = await claim(db, 1, now, { channels: [id], alone: true });
      if (!one) continue;
      breaker.trying(channelOfAttempt(courier, one.message), now().getTime() + attemptMs);
      taken.push(one);
    }
    const more = free - taken.length;
    return more > 0 ? [...taken, ...(await claim(db, more, now, { channels: left.map(({ id }) => id), alone: false }))] : taken;
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
      channels?.open.close();
    },
  };
}

const sameWays = (one: Config, other: Config): boolean =>
  one === other || (isDeepStrictEqual(one.courier, other.courier) && isDeepStrictEqual(one.clients, other.clients));
