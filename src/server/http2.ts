import http2 from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { Bodies } from "./bodies.ts";
import type { Drain } from "./drain.ts";
import { mostHeaderBytes, mostHeaders } from "./header-limits.ts";
import { refuseLate } from "./http.ts";
import type { SlowReaders } from "./slow-readers.ts";
import { limitStream } from "./stream-patience.ts";
import type { Awaited } from "./stream-patience.ts";
import { takeStreamTurns } from "./stream-turns.ts";
import type { Begin } from "./stream-turns.ts";

/** A call that is answered on its stream itself. */
export interface StreamCall extends Awaited {
  begin: Begin;
  /** Says that there are too many bodies under way. */
  refuseBody(): void;
}

/** Takes a stream that it knows a shorter way for than by Node's request and response; undefined where it leaves it. */
export type TakeStream = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: string[],
) => StreamCall | undefined;

/** What a server of HTTP/2 works with. Times in milliseconds. */
export interface Http2Parts {
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly drain: Drain;
  readonly bodies: Bodies;
  readonly slow: SlowReaders;
  readonly takeStream?: TakeStream | undefined;
  handle(req: http2.Http2ServerRequest, res: http2.Http2ServerResponse): Promise<void> | void;
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
export function createHttp2(parts: Http2Parts): Http2 {
  const { idleTimeoutMs, drain, takeStream } = parts;
  const settings = { maxConcurrentStreams: mostStreams, maxHeaderListSize: mostListBytes };
  const server = http2.createServer({ settings, maxHeaderListPairs: mostHeaders + pseudoHeaders });
  const { meetCall, meetRequest } = meetStreams(parts);
  // It makes requests and responses of the streams that it is told of, and has no connections.
  const whole = http2.createServer(meetRequest);
  server.on("stream", (stream, headers, flags, rawHeaders) => {
    const call = takeStream?.(stream, headers, rawHeaders);
    if (call) meetCall(stream, call);
    else whole.emit("stream", stream, headers, flags, rawHeaders);
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    drain.meet(session);
    session.setTimeout(idleTimeoutMs, () => session.close());
    session.once("close", () => sessions.delete(session));
    session.on("error", () => session.destroy());
  });
  return { server, sessions };
}

/** Holds streams to all that bounds them, whichever way they are answered. */
function meetStreams({ requestTimeoutMs, drain, bodies, slow, handle }: Http2Parts) {
  const inTurn = takeStreamTurns();

  function admit(stream: ServerHttp2Stream, awaited: Awaited, forget: (() => void) | undefined, begin: Begin): void {
    const calm = limitStream(stream, awaited, requestTimeoutMs);
    stream.on("close", () => {
      calm();
      forget?.();
      slow.leave(stream);
    });
    const answer = () => {
      slow.meet(stream);
      return begin();
    };
    drain.admitStream(stream, () => inTurn(stream, answer));
  }

  return {
    meetCall(stream: ServerHttp2Stream, call: StreamCall): void {
      // A stream that fails is closed, and nobody is left to be told.
      stream.on("error", () => undefined);
      const forget = bodies.meetStream(stream, () => call.refuseBody());
      admit(stream, call, forget, () => call.begin());
    },
    meetRequest(req: http2.Http2ServerRequest, res: http2.Http2ServerResponse): void {
      const awaited = { isAnswered: () => res.writableEnded, refuseLate: () => refuseLate(req, res) };
      admit(req.stream, awaited, bodies.meet(req, res), () => handle(req, res));
    },
  };
}
