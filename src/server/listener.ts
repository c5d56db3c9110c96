import { chmodSync } from "node:fs";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { setImmediate, setTimeout as pause } from "node:timers/promises";
import { watchBodies } from "./bodies.ts";
import { type Connections, takeConnections } from "./connections.ts";
import { createDrain, type Drain } from "./drain.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { createHttp1 } from "./http1.ts";
import { createHttp2, type Http2 } from "./http2.ts";
import { listenAt } from "./listen.ts";
import { cutSlowReaders, type SlowReaders } from "./slow-readers.ts";
import { giveSocket } from "./socket-owner.ts";
import { takeStreamTurns } from "./stream-turns.ts";
import type { TlsPair } from "./tls-pair.ts";
import { takeTurns } from "./turns.ts";

/** Where and how a port listens. Times in milliseconds. */
export interface ListenerOptions {
  /** The setting that says so. */
  readonly setting?: string;
  /** A host name, an address, or `unix:/path`. */
  readonly host: string;
  readonly port: number;
  /** Whose the unix socket is, and its permissions. */
  readonly socket?: { readonly owner: string; readonly group: string; readonly mode: number };
  readonly tls?: TlsPair;
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly headersTimeoutMs?: number;
  /** How long a client may leave untaken what it has asked for. */
  readonly takeTimeoutMs?: number;
}

/** A listening port. */
export interface Listener {
  /** Starts, and tells where: a URL, or the path of the socket. */
  listen(): Promise<string>;
  /** Shows another certificate from the next connection on; those that are open stay as they are. */
  renewTls(pair: TlsPair): void;
  /**
   * Goes without losing a request: for `lameDuckMs` all is served as before, but each answer is the last of its connection;
   * then no more connections are taken, running requests end, and what is left after `graceMs` is cut.
   */
  close(graceMs?: number, lameDuckMs?: number): Promise<void>;
}

type Handle = (req: HttpRequest, res: HttpResponse) => Promise<void> | void;

const mostLastWordMs = 1000;
const mostCalmMs = 300;
const mostUnsentBytes = 32 * 1024 * 1024;
const mostComingBytes = 32 * 1024 * 1024;

/** Serves HTTP/1.1 and HTTP/2 on one port: in the clear by a connection's first bytes, over TLS by ALPN. */
export function createListener(options: ListenerOptions, handle: Handle): Listener {
  const { requestTimeoutMs, idleTimeoutMs, headersTimeoutMs = 5000, takeTimeoutMs = 10_000 } = options;
  const drain = createDrain();
  const slow = cutSlowReaders(mostUnsentBytes);
  const bodies = watchBodies(mostComingBytes);
  const turns = takeTurns((req, res) => {
    drain.admit(res);
    slow.meet(res);
    return handle(req, res);
  });
  const inTurn = takeStreamTurns((req, res) => {
    slow.meet(res);
    return handle(req, res);
  });
  const h1 = createHttp1({ headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, takeTimeoutMs }, turns, bodies);
  const h2 = createHttp2({ requestTimeoutMs, idleTimeoutMs, drain, bodies, inTurn });
  const connections = takeConnections(options.tls, headersTimeoutMs, (socket, version) => {
    (version === 2 ? h2.server : h1).emit("connection", socket);
    if (version === 1) turns.meet(socket);
  });
  const parts: Parts = { drain, slow, h1, h2, connections };
  return {
    listen: () => listenOn(connections.server, options),
    renewTls: connections.renewTls,
    close: (graceMs = 10_000, lameDuckMs = 0) => close(parts, graceMs, lameDuckMs),
  };
}

async function listenOn(server: Server, { host, port, setting, socket, tls }: ListenerOptions): Promise<string> {
  const path = host.startsWith("unix:") ? host.slice("unix:".length) : undefined;
  await listenAt(server, path === undefined ? { host: host || "0.0.0.0", port } : { path }, setting);
  if (path === undefined) {
    const { address, port, family } = server.address() as AddressInfo;
    return `${tls ? "https" : "http"}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }
  try {
    if (socket) {
      chmodSync(path, socket.mode);
      giveSocket(path, socket);
    }
    return path;
  } catch (error) {
    // Not to be found by anybody it is not meant for.
    server.close();
    throw error;
  }
}

interface Parts {
  readonly drain: Drain;
  readonly slow: SlowReaders;
  readonly h1: HttpServer;
  readonly h2: Http2;
  readonly connections: Connections;
}

async function close({ drain, slow, h1, h2, connections }: Parts, graceMs: number, lameDuckMs: number): Promise<void> {
  const { server, sockets, undecided, arrivals } = connections;
  if (lameDuckMs) await beLameDuck(drain, arrivals, lameDuckMs);
  drain.begin();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Who was let in at the last moment has yet to say what for.
  if (lameDuckMs) await Promise.race([closed, pause(Math.min(mostLastWordMs, lameDuckMs))]);
  // What came while the process had no time is read first.
  await setImmediate();
  for (const session of h2.sessions) session.close();
  h1.closeIdleConnections();
  for (const socket of undecided) socket.destroy();
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  const idle = setInterval(() => h1.closeIdleConnections(), 100);
  await closed;
  clearTimeout(cut);
  slow.stop();
  clearInterval(idle);
  h1.close();
  h2.server.close();
}

/**
 * Clients who are sent away come back at once where nobody else takes them. A connection that begins in the moment in which
 * the port closes is reset by the system, so they are left alone before, until none begins any more.
 */
async function beLameDuck(drain: Parts["drain"], arrivals: Connections["arrivals"], forMs: number): Promise<void> {
  const calmMs = Math.min(mostCalmMs, forMs / 2);
  drain.begin();
  await pause(forMs - calmMs);
  drain.pause();
  await arrivals.calm(calmMs, forMs);
}
