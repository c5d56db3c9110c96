import type { Http2Session, ServerHttp2Stream } from "node:http2";
import type { HttpResponse } from "./http.ts";
import { soon } from "./queue.ts";

interface Line {
  /** How many have a place. */
  running: number;
  readonly waiting: (() => void)[];
}

/** Handles a stream when its turn comes. */
export type Begin = () => Promise<void> | void;

const mostRunning = 64;

const end = Symbol("gives the place of a stream to the next one");

/** A stream that has a place. A WeakMap would cost the garbage collector more. */
type Placed = ServerHttp2Stream & { [end]?: (() => void) | undefined };

/**
 * Gives the place of a stream whose answer has no end, once that has begun, to the next one of its connection: many who watch share one with
 * calls, which would wait for ever. What bounds such streams is how many a port serves.
 */
export function releaseTurn(res: HttpResponse): void {
  if ("stream" in res) leave(res.stream);
}

function leave(stream: Placed): void {
  const leaving = stream[end];
  stream[end] = undefined;
  leaving?.();
}

/**
 * Handles so many streams of a connection at a time (HTTP/2). A stream keeps its place until it has ended and all is done that
 * it began: to reset it makes no room for the next one. What has come in one go is looked at when all of it is there, and a
 * stream that is reset by then, or before its turn comes, costs nothing.
 */
export function takeStreamTurns() {
  const lines = new WeakMap<Http2Session, Line>();

  return function admit(stream: Placed, begin: Begin): void {
    const { session } = stream;
    if (!session) return;
    let line = lines.get(session);
    if (!line) lines.set(session, (line = { running: 0, waiting: [] }));
    const { waiting } = line;
    const goOn = () => {
      const next = waiting.shift();
      if (next) soon(next);
      else line.running--;
    };
    const start = () => {
      if (stream.closed || stream.destroyed) return goOn();
      stream[end] = goOn;
      let left = 2;
      const part = () => {
        if (--left === 0) leave(stream);
      };
      stream.on("close", part);
      const work = begin();
      if (work) work.then(part, part);
      else part();
    };
    if (line.running >= mostRunning) return void waiting.push(start);
    line.running++;
    soon(start);
  };
}
