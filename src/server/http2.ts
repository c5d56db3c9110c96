import http2 from "node:http2";
import type { Bodies } from "./bodies.ts";
import type { Drain } from "./drain.ts";
import { mostHeaderBytes, mostHeaders } from "./header-limits.ts";
import { limitStream } from "./stream-patience.ts";

/** What a server of HTTP/2 works with. Times in milliseconds. */
export interface Http2Parts {
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly drain: Drain;
  readonly bodies: Bodies;
  /** Answers a request when its turn comes. */
  inTurn(req: http2.Http2ServerRequest, res: http2.Http2ServerResponse): void;
}

/** A server of HTTP/2 that never listens itself, and the connections that are open on it. */
export interface Http2 {
  readonly server: http2.Http2Server;
  readonly sessions: ReadonlySet<http2.ServerHttp2Session>;
}

const mostStreams = 128;
// Target, method, scheme and authority are among the headers here.
const pseudoHeaders = 4;
// Of each, 32 bytes more are counted than it has (RFC 9113, 6.5.2).
const mostListBytes = mostHeaderBytes + 32 * mostHeaders;

/** Makes a server of HTTP/2 in the clear: TLS, if any, has been taken off the connections that it is handed. */
export function createHttp2({ requestTimeoutMs, idleTimeoutMs, drain, bodies, inTurn }: Http2Parts): Http2 {
  const settings = { maxConcurrentStreams: mostStreams, maxHeaderListSize: mostListBytes };
  const server = http2.createServer({ settings, maxHeaderListPairs: mostHeaders + pseudoHeaders }, (req, res) => {
    limitStream(req, res, requestTimeoutMs);
    bodies.meet(req, res);
    drain.admitStream(req, () => inTurn(req, res));
  });
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    drain.meet(session);
    session.setTimeout(idleTimeoutMs, () => session.close());
    session.once("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
  });
  return { server, sessions };
}
