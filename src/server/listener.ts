import { chmodSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import tls from "node:tls";
import type { AddressInfo } from "node:net";
import { detectVersion } from "./first-bytes.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { listenAt } from "./listen.ts";
import { giveSocket } from "./socket-owner.ts";
import { limitStream } from "./stream-patience.ts";
import type { TlsPair } from "./tls-pair.ts";

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
}

/** A listening port. */
export interface Listener {
  /** Starts, and tells where: a URL, or the path of the socket. */
  listen(): Promise<string>;
  /** Shows another certificate from the next connection on; those that are open stay as they are. */
  renewTls(pair: TlsPair): void;
  /** Takes no more connections, lets running requests end, and cuts what is left after the grace. */
  close(graceMs?: number): Promise<void>;
}

type Handle = (req: HttpRequest, res: HttpResponse) => void;

const mostHeaderBytes = 32 * 1024;
const mostStreams = 128;

const agreed = { ALPNProtocols: ["h2", "http/1.1"], minVersion: "TLSv1.2" } as const;

/** Serves HTTP/1.1 and HTTP/2 on one port: in the clear by a connection's first bytes, over TLS by ALPN. */
export function createListener(options: ListenerOptions, handle: Handle): Listener {
  const headersTimeout = options.headersTimeoutMs ?? 5000;
  const h1 = http.createServer(
    {
      headersTimeout,
      requestTimeout: Math.max(options.requestTimeoutMs, headersTimeout),
      keepAliveTimeout: options.idleTimeoutMs,
      maxHeaderSize: mostHeaderBytes,
      connectionsCheckingInterval: Math.min(1000, headersTimeout),
    },
    handle as http.RequestListener,
  );
  // A server that never listens itself does not run its time-outs, unless it is told that it does.
  h1.emit("listening");
  const handlePatiently = (req: http2.Http2ServerRequest, res: http2.Http2ServerResponse) => {
    limitStream(req, res, options.requestTimeoutMs);
    handle(req, res);
  };
  const sessions = new Set<http2.ServerHttp2Session>();
  const settings = { maxConcurrentStreams: mostStreams, maxHeaderListSize: mostHeaderBytes };
  const h2 = http2.createServer({ settings }, handlePatiently as never);
  h2.on("session", (session) => {
    sessions.add(session);
    session.setTimeout(options.idleTimeoutMs, () => session.close());
    session.once("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
  });
  const sockets = new Set<net.Socket>();
  // What comes out of TLS goes the way of what comes in the clear, so that the same time-outs hold for it.
  const outer: net.Server = options.tls
    ? tls.createServer({ ...options.tls, ...agreed, noDelay: true, handshakeTimeout: headersTimeout }, receive)
    : net.createServer({ noDelay: true }, receive);
  // Node tells of a handshake that fails or takes too long, and leaves the connection open.
  outer.on("tlsClientError", (_error, socket: net.Socket) => socket.destroy());
  outer.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  function receive(socket: net.Socket): void {
    detectVersion(socket, headersTimeout, (version) => (version === 2 ? h2 : h1).emit("connection", socket));
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

    async close(graceMs = 10_000) {
      const closed = new Promise<void>((resolve) => outer.close(() => resolve()));
      for (const session of sessions) session.close();
      h1.closeIdleConnections();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      const idle = setInterval(() => h1.closeIdleConnections(), 100);
      await closed;
      clearTimeout(cut);
      clearInterval(idle);
      h1.close();
      h2.close();
    },
  };
}
