import type { Config } from "../config/config.ts";
import { writtenTree } from "../config/written.ts";
import type { PeerMessage } from "../peers.ts";
import type { FromPort, ToPort } from "../server/shared-port.ts";

/** A configuration, and the tree that it was made of. */
export interface ConfigSnapshot {
  readonly config: Config;
  readonly written: unknown;
}

/** A configuration as it is sent to workers. */
export const snapshotOf = (config: Config): ConfigSnapshot => ({ config, written: writtenTree(config) });

/** What the supervisor sends to a worker. */
export type ToWorker =
  | ToPort
  | PeerMessage
  | ({ readonly kind: "start" } & ConfigSnapshot)
  | ({ readonly kind: "config" } & ConfigSnapshot)
  | ({ readonly kind: "judge"; readonly id: number } & ConfigSnapshot)
  | { readonly kind: "ping" }
  | { readonly kind: "drain" };

/** What a worker sends to the supervisor. */
export type FromWorker =
  | FromPort
  | PeerMessage
  | { readonly kind: "online" }
  | { readonly kind: "ready"; readonly addresses: Addresses }
  | { readonly kind: "pong" }
  | { readonly kind: "judged"; readonly id: number; readonly faults: readonly string[] };

/** Where the ports of a server are. */
export interface Addresses {
  readonly public: string;
  readonly admin: string;
}
