import type { ServerResponse } from "node:http";
import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import type { OpenAnswer } from "./slow-readers.ts";

const anyStream = 2 ** 31 - 1;
const pingMs = 1000;

/** Sees to it that connections end between two requests, where a server is about to go. */
export interface Drain {
  /** From now on each answer is the last of its connection. */
  begin(): void;
  /** Lets connections last again, for a while: no more of them begin than usual, all at the moment when no more are taken. */
  pause(): void;
  /** Admits a request of HTTP/1.1. */
  admit(res: ServerResponse): void;
  /** Meets a connection of HTTP/2. One that begins while others are sent away stays until the next beginning. */
  meet(session: ServerHttp2Session): void;
  /** Admits a stream of HTTP/2, and says when it may be handled. */
  admitStream(stream: ServerHttp2Stream, handle: () => void): void;
}

/** Makes the drain of one listener, of which these answers are open. */
export function createDrain(open: ReadonlySet<OpenAnswer>): Drain {
  let draining = false;
  let left = new WeakSet<ServerHttp2Session>();
  return {
    begin() {
      draining = true;
      left = new WeakSet();
      for (const answer of open) if (!("session" in answer)) endConnection(answer);
    },
    pause: () => void (draining = false),
    admit(res) {
      if (draining) endConnection(res);
    },
    meet(session) {
      if (draining) left.add(session);
    },
    admitStream(stream, handle) {
      const session = stream.session as ServerHttp2Session | undefined;
      if (!draining || !session || left.has(session)) return handle();
      left.add(session);
      sendAway(session, handle);
    },
  };
}

/** The answer says `Connection: close` (RFC 9112, 9.6), unless it has said otherwise already. */
function endConnection(res: ServerResponse): void {
  if (!res.headersSent) res.shouldKeepAlive = false;
}

/**
 * Asks a client to use another connection (RFC 9113, 6.8), and still answers what it sends before it has heard of that:
 * the stream that waits for the answer to the ping keeps the connection open until then.
 */
function sendAway(session: ServerHttp2Session, handle: () => void): void {
  session.goaway(constants.NGHTTP2_NO_ERROR, anyStream);
  let waiting = true;
  const goOn = () => {
    if (!waiting) return;
    waiting = false;
    clearTimeout(timer);
    handle();
  };
  const timer = setTimeout(goOn, pingMs);
  if (!session.ping(goOn)) goOn();
}
