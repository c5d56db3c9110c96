import type { Config } from "../config/config.ts";
import type { Deliver } from "./delivery.ts";
import { Undeliverable } from "./delivery.ts";
import { httpDelivery } from "./http.ts";
import { createSmtpPool } from "./smtp.ts";

/** The ways out of the outbox, as one configuration has them. */
export interface Channels {
  readonly deliver: Deliver;
  close(): void;
}

/** Makes the ways out. A way that is not configured refuses what it is given. */
export function openChannels({ courier, clients }: Config, connections: number): Channels {
  const { delivery_strategy: strategy, http, smtp, channels } = courier;
  const pool =
    strategy === "smtp" && smtp.connection_uri
      ? createSmtpPool(smtp, { connections, refusePrivate: clients.smtp.disallow_private_ip_ranges })
      : undefined;
  const byName = new Map<string, Deliver>(channels.map(({ id, request_config }) => [id, httpDelivery(request_config)]));
  if (strategy === "http" && http.request_config) byName.set("email", httpDelivery(http.request_config));
  else if (pool) byName.set("email", (message, { signal }) => pool.send(message, signal));

  return {
    async deliver(message, options) {
      const way = byName.get(message.channel);
      if (!way) throw new Undeliverable(missing(message.channel, strategy));
      await way(message, options);
    },
    close: () => pool?.close(),
  };
}

function missing(channel: string, strategy: "smtp" | "http"): string {
  if (channel !== "email") return `courier.channels has no channel ${channel}.`;
  return strategy === "http" ? "courier.http.request_config is not set." : "courier.smtp.connection_uri is not set.";
}
