import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import { setImmediate, setTimeout as pause } from "node:timers/promises";
import { shareOf, workerCount } from "../peers.ts";
import { watchBodies } from "./bodies.ts";
import { type Connections, takeConnections } from "./connections.ts";
import { createDrain, type Drain } from "./drain.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { createHttp1 } from "./http1.ts";
import { createHttp2, type Http2, type TakeStream } from "./http2.ts";
import { type ConnectionSource, ownPort } from "./connection-source.ts";
import type { BindOptions } from "./listen.ts";
import { sharedPort } from "./shared-port.ts";
import { cutSlowReaders, type SlowReaders } from "./slow-readers.ts";
import type { TlsPair } from "./tls-pair.ts";
import { takeTurns } from "./turns.ts";

/** Where and how a port listens. Times in milliseconds. */
export interface ListenerOptions extends BindOptions {
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
// Together all workers hold no more than a server of one process, but each has room for a few of the largest.
const mostUnsentBytes = shareOf(32 * 1024 * 1024, 8 * 1024 * 1024);
const mostComingBytes = shareOf(32 * 1024 * 1024, 12 * 1024 * 1024);

/** Serves HTTP/1.1 and HTTP/2 on one port: in the clear by a connection's first bytes, over TLS by ALPN. */
export function createListener(options: ListenerOptions, handle: Handle, takeStream?: TakeStream): Listener {
  const { requestTimeoutMs, idleTimeoutMs, headersTimeoutMs = 5000, takeTimeoutMs = 10_000 } = options;
  const slow = cutSlowReaders(mostUnsentBytes);
  const drain = createDrain(slow.open);
  const bodies = watchBodies(mostComingBytes);
  const turns = takeTurns((req, res) => {
    drain.admit(res);
    slow.meet(res);
    return handle(req, res);
  }, slow.leave);
  const h1 = createHttp1({ headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, takeTimeoutMs }, turns, bodies);
  const h2 = createHttp2({ requestTimeoutMs, idleTimeoutMs, drain, bodies, slow, handle, takeStream });
  const connections = takeConnections(options.tls, headersTimeoutMs, (socket, version) => {
    (version === 2 ? h2.server : h1).emit("connection", socket);
    if (version === 1) turns.meet(socket);
  });
  const source = workerCount > 1 ? sharedPort(bindOptions(options)) : ownPort(connections.server, options);
  const parts: Parts = { drain, slow, h1, h2, connections, source };
  return {
    listen: () => listenOn(source, connections, options.tls !== undefined),
    renewTls: connections.renewTls,
    close: (graceMs = 10_000, lameDuckMs = 0) => close(parts, graceMs, lameDuckMs),
  };
}

const bindOptions = ({ setting, host, port, socket }: BindOptions): BindOptions => ({
  host,
  port,
  ...(setting !== undefined && { setting }),
  ...(socket && { socket }),
});

async function listenOn(source: ConnectionSource, { server }: Connections, tls: boolean): Promise<string> {
  const place = await source.open((socket) => void server.emit("connection", socket));
  if (typeof place === "string") return place;
  const { address, port, family } = place;
  return `${tls ? "https" : "http"}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

interface Parts {
  readonly drain: Drain;
  readonly slow: SlowReaders;
  readonly h1: HttpServer;
  readonly h2: Http2;
  readonly connections: Connections;
  readonly source: ConnectionSource;
}

async function close(parts: Parts, graceMs: number, lameDuckMs: number): Promise<void> {
  const { drain, slow, h1, h2, connections, source } = parts;
  const { sockets, undecided, arrivals } = connections;
  if (lameDuckMs) {
    await beLameDuck(drain, arrivals, lameDuckMs);
    // Whom one worker sends away would come to the next one in the very moment in which that closes.
    await source.closeTogether();
  }
  drain.begin();
  const closed = source.close().then(() => allGone(sockets));
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

async function allGone(sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) if (!socket.closed) await once(socket, "close").catch(() => undefined);
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
