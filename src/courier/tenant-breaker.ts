import type { Config } from "../config/config.ts";
import { createCircuitBreaker } from "../delivery/circuit-breaker.ts";
import { channelOfAttempt, blockedChannels } from "./channel.ts";
import type { TenantChannel } from "./claim.ts";
import type { CourierMessage } from "./entities.ts";

/** A channel of a tenant that is left alone, and the channels (its own and its fallbacks) that a message of it may take. */
export type OpenCircuit = TenantChannel & { readonly ways: readonly string[] };

/** A circuit breaker for the channels of each tenant: one's mail server that is down is no reason to leave another's alone. */
export interface TenantBreaker {
  /** The channels of which no message is to be taken but to probe them. */
  open(): OpenCircuit[];
  /** Those among them whose pause is over. */
  due(nowMs: number): OpenCircuit[];
  /** A message of such a channel is under way to probe it. */
  probing(tenantId: string, message: CourierMessage, untilMs: number): void;
  /** Hears how an attempt by a configuration went. Answers with how long its circuit is open from now on, if it is. */
  record(
    tenantId: string,
    attempt: { readonly channel: string; readonly config: Config | undefined; readonly reached: boolean },
    nowMs: number,
  ): number | undefined;
}

/** Makes the breaker of a worker; the configuration is that of tenants of which nothing else is known. */
export function createTenantBreaker(standard: () => Config): TenantBreaker {
  const breaker = createCircuitBreaker();
  /** The configuration of each tenant whose last message could not go out. */
  const configs = new Map<string, Config>();
  const courierOf = (tenantId: string) => (configs.get(tenantId) ?? standard()).courier;

  function open(): OpenCircuit[] {
    const byTenant = Map.groupBy(breaker.open(), tenantIn);
    return [...byTenant].flatMap(([tenantId, keys]) =>
      blockedChannels(courierOf(tenantId), keys.map(channelIn)).map((channel) => ({ tenantId, ...channel })),
    );
  }

  return {
    open,
    due(nowMs) {
      const dueNow = breaker.due(nowMs);
      return open().filter(({ tenantId, ways }) => ways.some((way) => dueNow.includes(keyOf(tenantId, way))));
    },
    probing: (tenantId, message, untilMs) =>
      breaker.probing(keyOf(tenantId, channelOfAttempt(courierOf(tenantId), message)), untilMs),
    record(tenantId, { channel, config, reached }, nowMs) {
      if (reached) configs.delete(tenantId);
      else if (config) configs.set(tenantId, config);
      return breaker.record(keyOf(tenantId, channel), reached, nowMs);
    },
  };
}

// Ids of tenants have no blank.
const keyOf = (tenantId: string, channel: string): string => `${tenantId} ${channel}`;
const tenantIn = (key: string): string => key.slice(0, key.indexOf(" "));
const channelIn = (key: string): string => key.slice(key.indexOf(" ") + 1);
