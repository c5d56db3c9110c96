import type { Http2Session, ServerHttp2Stream } from "node:http2";
import { soon } from "./queue.ts";

interface Line {
  /** How many have a place. */
  running: number;
  readonly waiting: (() => void)[];
}

/** Handles a stream when its turn comes. */
export type Begin = () => Promise<void> | void;

const mostRunning = 64;

/**
 * Handles so many streams of a connection at a time (HTTP/2). A stream keeps its place until it has ended and all is done that
 * it began: to reset it makes no room for the next one. What has come in one go is looked at when all of it is there, and a
 * stream that is reset by then, or before its turn comes, costs nothing.
 */
export function takeStreamTurns() {
  const lines = new WeakMap<Http2Session, Line>();

  return function admit(stream: ServerHttp2Stream, begin: Begin): void {
    const { session } = stream;
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
      if (stream.closed || stream.destroyed) return end();
      let left = 2;
      const part = () => {
        if (--left === 0) end();
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
