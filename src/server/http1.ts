import http from "node:http";
import type { Bodies } from "./bodies.ts";
import { limitBody } from "./body-patience.ts";
import { mostHeaderBytes, mostHeaders } from "./header-limits.ts";
import type { Turns } from "./turns.ts";

/** How long what may take on a connection. Times in milliseconds. */
export interface Http1Patience {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly takeTimeoutMs: number;
}

/** A server of HTTP/1.1 that never listens itself: connections are handed to it. */
export function createHttp1(patience: Http1Patience, turns: Turns, bodies: Bodies): http.Server {
  const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, takeTimeoutMs } = patience;
  const server = http.createServer(
    {
      headersTimeout: headersTimeoutMs,
      // Of bodies each has its own.
      requestTimeout: 0,
      keepAliveTimeout: idleTimeoutMs,
      maxHeaderSize: mostHeaderBytes,
      connectionsCheckingInterval: Math.min(1000, headersTimeoutMs),
    },
    (req, res) => {
      const forget = bodies.meet(req, res);
      if (forget) {
        res.once("close", forget);
        limitBody(req, res, requestTimeoutMs);
      }
      turns.admit(req, res);
    },
  );
  server.maxHeadersCount = mostHeaders;
  // The time runs while nothing moves. An answer that takes longer to make leaves nothing to be taken.
  server.setTimeout(takeTimeoutMs, (socket) =>
    turns.runs(socket) && !socket.writableLength ? socket.setTimeout(takeTimeoutMs) : socket.destroy(),
  );
  // It does not run its time-outs, unless it is told that it listens.
  server.emit("listening");
  return server;
}
