import type { Http2ServerRequest, Http2ServerResponse, Http2Session } from "node:http2";
import { isGone } from "./http.ts";
import { soon } from "./queue.ts";

interface Line {
  /** How many have a place. */
  running: number;
  readonly waiting: (() => void)[];
}

const mostRunning = 64;

/**
 * Handles so many streams of a connection at a time (HTTP/2). A stream keeps its place until it has ended and all is done that
 * it began: to reset it makes no room for the next one. What has come in one go is looked at when all of it is there, and a
 * stream that is reset by then, or before its turn comes, costs nothing.
 */
export function takeStreamTurns(handle: (req: Http2ServerRequest, res: Http2ServerResponse) => Promise<void> | void) {
  const lines = new WeakMap<Http2Session, Line>();

  return function admit(req: Http2ServerRequest, res: Http2ServerResponse): void {
    const { session } = req.stream;
    if (!session) return;
    let line = lines.get(session);
    if (!line) lines.set(session, (line = { running: 0, waiting: [] }));
    const { waiting } = line;
    const end = () => {
      const next = waiting.shift();
      if (next) soon(next);
      else line.running--;
    };
    const start = () => {
      if (isGone(req)) return end();
      const closed = new Promise<void>((resolve) => req.stream.once("close", resolve));
      void Promise.allSettled([closed, handle(req, res)]).then(end);
    };
    if (line.running >= mostRunning) return void waiting.push(start);
    line.running++;
    soon(start);
  };
}
