import type { Config } from "../config/config.ts";
import { createBreaker } from "./breaker.ts";
import { channelOfAttempt, withoutWay } from "./channel.ts";
import type { TenantChannel } from "./claim.ts";
import type { CourierMessage } from "./entities.ts";

/** A channel of a tenant, and the ways out that lead through it. */
export type LeftAlone = TenantChannel & { readonly ways: readonly string[] };

/** Leaves channels alone whose next station cannot be reached, each tenant's apart: one's mail server that is down is no reason to leave another's alone. */
export interface TenantBreaker {
  /** The channels of which no message is to be taken but to try them out. */
  left(): LeftAlone[];
  /** Those among them whose pause is over. */
  toTry(nowMs: number): LeftAlone[];
  /** A message of such a channel is under way to try it out. */
  trying(tenantId: string, message: CourierMessage, untilMs: number): void;
  /** Hears how an attempt by a configuration went. Answers with how long the channel is left alone from now on, if it is. */
  note(
    tenantId: string,
    attempt: { readonly channel: string; readonly config: Config | undefined; readonly reached: boolean },
    nowMs: number,
  ): number | undefined;
}

/** Makes the breaker of a worker; the configuration is that of tenants of which nothing else is known. */
export function createTenantBreaker(standard: () => Config): TenantBreaker {
  const breaker = createBreaker();
  /** The configuration of each tenant whose last message could not go out. */
  const configs = new Map<string, Config>();
  const courierOf = (tenantId: string) => (configs.get(tenantId) ?? standard()).courier;

  function left(): LeftAlone[] {
    const byTenant = Map.groupBy(breaker.left(), tenantIn);
    return [...byTenant].flatMap(([tenantId, keys]) =>
      withoutWay(courierOf(tenantId), keys.map(channelIn)).map((channel) => ({ tenantId, ...channel })),
    );
  }

  return {
    left,
    toTry(nowMs) {
      const due = breaker.toTry(nowMs);
      return left().filter(({ tenantId, ways }) => ways.some((way) => due.includes(keyOf(tenantId, way))));
    },
    trying: (tenantId, message, untilMs) =>
      breaker.trying(keyOf(tenantId, channelOfAttempt(courierOf(tenantId), message)), untilMs),
    note(tenantId, { channel, config, reached }, nowMs) {
      if (reached) configs.delete(tenantId);
      else if (config) configs.set(tenantId, config);
      return breaker.note(keyOf(tenantId, channel), reached, nowMs);
    },
  };
}

// Ids of tenants have no blank.
const keyOf = (tenantId: string, channel: string): string => `${tenantId} ${channel}`;
const tenantIn = (key: string): string => key.slice(0, key.indexOf(" "));
const channelIn = (key: string): string => key.slice(key.indexOf(" ") + 1);
