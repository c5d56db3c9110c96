import type { Interceptor, Transport } from "@connectrpc/connect";
import type { ChannelCredentials, ChannelOptions, ServiceConfig } from "@grpc/grpc-js";

/** What a client shows to a server, and by what it knows one. All in PEM. */
export interface ChannelTls {
  /** Who vouches for the server's certificate; those that Node trusts, if nothing is said. */
  readonly ca?: string | Uint8Array;
  /** The client's own certificate, with its key: for servers that ask for one. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  /** The name in the server's certificate, where it is not the one that it is reached by. */
  readonly serverName?: string;
  /** Looks at a certificate that is good otherwise; returns what is wrong with it. */
  checkServerIdentity?(hostname: string, certificate: import("node:tls").PeerCertificate): Error | undefined;
}

/** How calls that change nothing are made again. */
export interface RetryOptions {
  /** With the first one; 4 unless said otherwise, 5 at most. */
  readonly attempts?: number;
  /** Before the second attempt, in milliseconds (50); twice that before the third, and so on. A random part of it is waited. */
  readonly firstPauseMs?: number;
  /** The longest pause, in milliseconds (1000). */
  readonly mostPauseMs?: number;
}

/** How calls that change nothing are made of several servers, of which the first answer counts. */
export interface HedgingOptions {
  /** With the first one; 2 unless said otherwise, 5 at most. */
  readonly attempts?: number;
  /** How long each is waited for before the next one is made, in milliseconds (100). */
  readonly afterMs?: number;
}

/** What decides how calls are spread over servers, and when they are made again. */
export interface BalancingOptions {
  /** All servers in turn (`round_robin`, the default), or one for as long as it is there (`pick_first`). */
  readonly loadBalancing?: "round_robin" | "pick_first";
  /**
   * Whether each server is watched by `grpc.health.v1`, and left out while it says that it does not serve; of a `service`, or as a whole.
   * On unless false; only for `round_robin`. A watch keeps Node running until the transport is closed.
   */
  readonly health?: boolean | { readonly service?: string };
  /** Calls without side effects are made again when a server is away (`UNAVAILABLE`), unless false. */
  readonly retries?: boolean | RetryOptions;
  /** Unary calls without side effects are made of a second server where the first is slow; off unless said. Those are not retried besides. */
  readonly hedging?: boolean | HedgingOptions;
}

/** Where servers are, and how they are called. Times in milliseconds. */
export interface ChannelTransportOptions extends BalancingOptions {
  /**
   * `host:port`, whose addresses are looked up and balanced over; a name of gRPC's, such as `dns:///host:port`, `ipv4:10.0.0.1:4433`
   * or `unix:/run/ostiary/public.sock`; or a list of these.
   */
  readonly target: string | readonly string[];
  /** Over TLS, unless false. Unix sockets are in the clear unless said otherwise. */
  readonly tls?: boolean | ChannelTls;
  /** Made by grpc-js, in the place of `tls`. */
  readonly credentials?: ChannelCredentials;
  /** How long a call may take, where it does not say so itself. Zero or nothing: for ever. */
  readonly defaultTimeoutMs?: number;
  /** Of Connect's, as for any transport. */
  readonly interceptors?: Interceptor[];
  /** Whether calls wait for a server where none is to be reached, rather than fail. They should have a time limit then. */
  readonly waitForReady?: boolean;
  /** Pings on connections with calls under way, and others if `whileIdle`; every 30 s, given up after 10 s without an answer. False for none. */
  readonly keepAlive?: false | { readonly everyMs?: number; readonly timeoutMs?: number; readonly whileIdle?: boolean };
  /** How requests are compressed; they are not, unless said. */
  readonly compression?: "gzip" | "deflate";
  /** The largest answer, in bytes (32 MiB). */
  readonly maxReceiveBytes?: number;
  /** Whether the proxy of `grpc_proxy`, `https_proxy` or `http_proxy` is used (`no_grpc_proxy`, `no_proxy`). Lists and unix sockets take none. */
  readonly proxy?: boolean;
  /** In the place of what `loadBalancing`, `health`, `retries` and `hedging` make. */
  readonly serviceConfig?: ServiceConfig;
  /** Further options of grpc-js, which win over all others. */
  readonly channelOptions?: ChannelOptions;
}

/** A transport of Connect's that holds a channel of gRPC's. */
export interface ChannelTransport extends Transport, Disposable {
  /** What the channel does: `ready` where at least one server is connected. */
  readonly state: "idle" | "connecting" | "ready" | "transient_failure" | "shutdown";
  /** Waits until a server is connected, for 10 s at most unless said otherwise; rejects where none is by then. */
  ready(timeoutMs?: number): Promise<void>;
  /** Ends it: calls under way may finish, others fail. */
  close(): void;
}

/**
 * A transport over a channel of `@grpc/grpc-js`: several servers, of which those that are away or about to go cost no call that can be made again.
 *
 * @example
 * using transport = createChannelTransport({ target: "dns:///ostiary.internal:4433", tls: { ca } });
 * const { session } = createPublicClients(transport);
 */
export declare function createChannelTransport(options: ChannelTransportOptions): ChannelTransport;

/**
 * The service configuration of a transport, for those who change something of it: the policy, and which calls are made again, by the
 * contract's `idempotency_level`.
 */
export declare function defaultServiceConfig(options?: BalancingOptions): ServiceConfig;
