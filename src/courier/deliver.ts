import type { Config } from "../config/config.ts";
import type { CourierChannel, CourierConfig } from "../config/outgoing-config.ts";
import { channelOfAttempt } from "./channel.ts";
import type { Deliver } from "./delivery.ts";
import { Undeliverable } from "./delivery.ts";
import { httpDelivery } from "./http.ts";
import { createSmtpPool } from "./smtp.ts";

/** The ways out of the outbox, as one configuration has them. */
export interface Channels {
  readonly deliver: Deliver;
  close(): void;
}

/** Makes the ways out. A way that is not configured refuses what it is given, unless there is an inbox. */
export function openChannels({ courier, clients }: Config, connections: number): Channels {
  const byName = new Map<string, Deliver>();
  const closers: (() => void)[] = [];
  const ways = new Map([standardWay(courier), ...courier.channels].map((way) => [way.id, way]));
  for (const { id, type, request_config, smtp_config } of ways.values()) {
    if (type === "http" && request_config) byName.set(id, httpDelivery(request_config));
    if (type !== "smtp" || !smtp_config?.connection_uri) continue;
    const pool = createSmtpPool(smtp_config, { connections, refusePrivate: clients.smtp.disallow_private_ip_ranges });
    closers.push(pool.close);
    byName.set(id, (message, { signal }) => pool.send(message, signal));
  }
  return {
    async deliver(message, options) {
      const name = channelOfAttempt(courier, message);
      const way = byName.get(name);
      if (way) await way(message, options);
      // Whoever develops reads it there, and needs no mail server.
      else if (!courier.inbox) throw new Undeliverable(missing(name, courier));
    },
    close: () => closers.forEach((close) => close()),
  };
}

/** The way of all mail that no channel takes: one that is called like it takes its place. */
const standardWay = ({
  delivery_strategy: type,
  http,
  smtp,
}: CourierConfig): Pick<CourierChannel, "id" | "type" | "request_config" | "smtp_config"> => ({
  id: "email",
  type,
  smtp_config: smtp,
  ...(http.request_config && { request_config: http.request_config }),
});

function missing(channel: string, { delivery_strategy: strategy }: CourierConfig): string {
  if (channel !== "email") return `courier.channels has no channel ${channel}.`;
  return strategy === "http" ? "courier.http.request_config is not set." : "courier.smtp.connection_uri is not set.";
}
