import { chmodSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import tls from "node:tls";
import type { AddressInfo } from "node:net";
import { setImmediate, setTimeout as pause } from "node:timers/promises";
import { watchArrivals } from "./arrivals.ts";
import { watchBodies } from "./bodies.ts";
import { createDrain } from "./drain.ts";
import { detectVersion } from "./first-bytes.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { listenAt } from "./listen.ts";
import { cutSlowReaders } from "./slow-readers.ts";
import { giveSocket } from "./socket-owner.ts";
import { limitStream } from "./stream-patience.ts";
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

const mostHeaderBytes = 32 * 1024;
const mostStreams = 128;
const lastWordMs = 1000;
const mostCalmMs = 300;
const mostUnsentBytes = 64 * 1024 * 1024;
const mostComingBytes = 32 * 1024 * 1024;

const agreed = { ALPNProtocols: ["h2", "http/1.1"], minVersion: "TLSv1.2" } as const;

/** Serves HTTP/1.1 and HTTP/2 on one port: in the clear by a connection's first bytes, over TLS by ALPN. */
export function createListener(options: ListenerOptions, handle: Handle): Listener {
  const headersTimeout = options.headersTimeoutMs ?? 5000;
  const drain = createDrain();
  const slow = cutSlowReaders(mostUnsentBytes);
  const bodies = watchBodies(mostComingBytes);
  const turns = takeTurns((req, res) => {
    drain.admit(res);
    slow.meet(res);
    return handle(req, res);
  });
  const h1 = http.createServer(
    {
      headersTimeout,
      requestTimeout: Math.max(options.requestTimeoutMs, headersTimeout),
      keepAliveTimeout: options.idleTimeoutMs,
      maxHeaderSize: mostHeaderBytes,
      connectionsCheckingInterval: Math.min(1000, headersTimeout),
    },
    (req, res) => {
      bodies.meet(req, res);
      turns.admit(req, res);
    },
  );
  const takeTimeout = options.takeTimeoutMs ?? 10_000;
  // The time runs while nothing moves. An answer that takes longer to make leaves nothing to be taken.
  h1.setTimeout(takeTimeout, (socket) => (turns.runs(socket) && !socket.writableLength ? socket.setTimeout(takeTimeout) : socket.destroy()));
  // A server that never listens itself does not run its time-outs, unless it is told that it does.
  h1.emit("listening");
  const inTurn = takeStreamTurns((req, res) => {
    slow.meet(res);
    return handle(req, res);
  });
  const handlePatiently = (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
    limitStream(req, res, options.requestTimeoutMs);
    bodies.meet(req, res);
    drain.admitStream(req, () => inTurn(req, res));
  };
  const sessions = new Set<http2.ServerHttp2Session>();
  const settings = { maxConcurrentStreams: mostStreams, maxHeaderListSize: mostHeaderBytes };
  const h2 = http2.createServer({ settings }, handlePatiently as never);
  h2.on("session", (session) => {
    sessions.add(session);
    drain.meet(session);
    session.setTimeout(options.idleTimeoutMs, () => session.close());
    session.once("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
  });
  const sockets = new Set<net.Socket>();
  const undecided = new Set<net.Socket>();
  const arrivals = watchArrivals();
  // What comes out of TLS goes the way of what comes in the clear, so that the same time-outs hold for it.
  const outer: net.Server = options.tls
    ? tls.createServer({ ...options.tls, ...agreed, noDelay: true, handshakeTimeout: headersTimeout }, receive)
    : net.createServer({ noDelay: true }, receive);
  // Node tells of a handshake that fails or takes too long, and leaves the connection open.
  outer.on("tlsClientError", (_error, socket: net.Socket) => socket.destroy());
  outer.on("connection", (socket) => {
    arrivals.note();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  function receive(socket: net.Socket): void {
    undecided.add(socket);
    socket.once("close", () => undecided.delete(socket));
    detectVersion(socket, headersTimeout, (version) => {
      undecided.delete(socket);
      (version === 2 ? h2 : h1).emit("connection", socket);
      if (version === 1) turns.meet(socket);
    });
  }

  /**
   * Clients who are sent away come back at once where nobody else takes them. A connection that begins in the moment in which
   * the port closes is reset by the system, so they are left alone before, until none begins any more.
   */
  async function beLameDuck(forMs: number): Promise<void> {
    const calmMs = Math.min(mostCalmMs, forMs / 2);
    drain.begin();
    await pause(forMs - calmMs);
    drain.pause();
    await arrivals.calm(calmMs, forMs);
  }

  return {
    async listen() {
      const path = options.host.startsWith("unix:") ? options.host.slice("unix:".length) : undefined;
      await listenAt(outer, path === undefined ? { host: options.host || "0.0.0.0", port: options.port } : { path }, options.setting);
      if (path === undefined) {
        const { address, port, family } = outer.address() as AddressInfo;
        return `${options.tls ? "https" : "http"}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
      }
      try {
        if (options.socket) {
          chmodSync(path, options.socket.mode);
          giveSocket(path, options.socket);
        }
        return path;
      } catch (error) {
        // Not to be found by anybody it is not meant for.
        outer.close();
        throw error;
      }
    },

    renewTls(pair) {
      if (options.tls) (outer as tls.Server).setSecureContext({ ...pair, minVersion: agreed.minVersion });
    },

    async close(graceMs = 10_000, lameDuckMs = 0) {
      if (lameDuckMs) await beLameDuck(lameDuckMs);
      drain.begin();
      const closed = new Promise<void>((resolve) => outer.close(() => resolve()));
      // Who was let in at the last moment has yet to say what for.
      if (lameDuckMs) await Promise.race([closed, pause(lastWordMs)]);
      // What came while the process had no time is read first.
      await setImmediate();
      for (const session of sessions) session.close();
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
      h2.close();
    },
  };
}
