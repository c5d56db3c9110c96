import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Database } from "../db/connection.ts";
import { sayWhy } from "../delivery/say-why.ts";
import type { Log } from "../log.ts";
import type { Tenant } from "../tenant.ts";
import { channelOfAttempt } from "./channel.ts";
import type { Claimed } from "./claim.ts";
import { withDeadline } from "./deadline.ts";
import { nowhere } from "./message.ts";
import { discard, type DeliveryOutcome, settle } from "./settle.ts";
import type { TenantBreaker } from "./tenant-breaker.ts";
import type { ChannelPool } from "./channel-pool.ts";
import { isUnreachable } from "../delivery/unreachable.ts";
import { throughout } from "../tracing/active-span.ts";
import type { Tracer } from "../tracing/tracer.ts";
import { beginDelivery, endDelivery } from "./trace-delivery.ts";

/** What an attempt to send takes. */
export interface AttemptParts {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly now: () => Date;
  /** The configuration by which a tenant's messages go out. */
  configOf(tenant: Tenant): Promise<Config>;
  /** Goes on with the traces of messages, where anything is traced. */
  readonly tracer?: Tracer | undefined;
  /** Hears what became of it. */
  observe?(channel: string, outcome: DeliveryOutcome): void;
  readonly channelPool: ChannelPool;
  readonly breaker: TenantBreaker;
}

/** How long it may take: less than the lease, so that whoever holds a message is done with it before it can be taken by another. */
export const attemptMs = 45_000;

/** Tries to send a message, and writes down how it fared: in the trace of the request that has led to it. */
export function attempt(claimed: Claimed, parts: AttemptParts): Promise<void> {
  const { message } = claimed;
  if (message.channel === nowhere) return discard(parts.db, claimed);
  const work = () => tryToSend(claimed, parts);
  return parts.tracer ? throughout(beginDelivery(parts.tracer, message), work) : work();
}

async function tryToSend(
  claimed: Claimed,
  { store, db, log, now, observe, configOf, channelPool, breaker }: AttemptParts,
): Promise<void> {
  const { message, tenant } = claimed;
  const { id, templateType, sendCount } = message;
  const {
    courier: { message_retries: retries, inbox },
    dev,
  } = store.current();
  let { channel } = message;
  let config: Config | undefined;
  let error: unknown;
  try {
    const current = (config = await configOf(tenant));
    channel = channelOfAttempt(current.courier, message);
    // It was under way more often than it may be, and nobody came back from it: it may be what kills workers.
    if (sendCount > retries + 1) throw new Error("Every worker that took the message was lost.");
    await withDeadline(attemptMs, (signal) =>
      channelPool.of(tenant.id, current).deliver(message, { clients: current.clients, signal }),
    );
  } catch (thrown) {
    error = thrown ?? new Error("unknown");
  }
  const pauseMs = breaker.record(tenant.id, { channel, config, reached: !isUnreachable(error) }, now().getTime());
  if (pauseMs !== undefined)
    log.warn("a channel is left alone, for nothing can be reached by it", { channel, pauseMs });
  const outcome = await settle(db, claimed, error, { retries, keepWords: dev || inbox, now: now() });
  if (outcome) observe?.(channel, outcome);
  endDelivery(message, { channel, outcome, error });
  const told = { message: id, channel, type: templateType, attempt: sendCount };
  if (outcome === "sent") log.debug("a message was sent", told);
  else
    log.warn("a message was not sent", { ...told, next: outcome ?? "lost to another worker", reason: sayWhy(error) });
}
