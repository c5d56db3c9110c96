import { isDeepStrictEqual } from "node:util";
import type { Config } from "../config/config.ts";
import { openChannels } from "./deliver.ts";
import type { Channels } from "./deliver.ts";

/** Connections to the stations behind channels, for each tenant by its own configuration. */
export interface ChannelPool {
  /** The channels of a tenant: those that are open, where its configuration is what it was. */
  of(tenantId: string, config: Config): Channels;
  close(): void;
}

/** More tenants than this send at different times: whose channels were used longest ago are closed. */
const mostOpen = 64;

/** Opens channels as they are needed, each with room for so many messages at once. */
export function createChannelPool(atOnce: () => number): ChannelPool {
  const open = new Map<string, { readonly config: Config; readonly channels: Channels }>();
  return {
    of(tenantId, config) {
      const before = open.get(tenantId);
      open.delete(tenantId);
      // A changed configuration has channels of its own; what is on the old ones may end there.
      const same = before && sameChannels(before.config, config);
      if (before && !same) before.channels.close();
      const channels = same ? before.channels : openChannels(config, atOnce());
      open.set(tenantId, { config, channels });
      if (open.size > mostOpen) closeFirst(open);
      return channels;
    },
    close() {
      for (const { channels } of open.values()) channels.close();
      open.clear();
    },
  };
}

function closeFirst(open: Map<string, { readonly channels: Channels }>): void {
  const [first] = open;
  open.delete(first![0]);
  first![1].channels.close();
}

const sameChannels = (one: Config, other: Config): boolean =>
  one === other || (isDeepStrictEqual(one.courier, other.courier) && isDeepStrictEqual(one.clients, other.clients));
