import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { refuseOverload } from "./refuse-overload.ts";
import { soon } from "./queue.ts";

/** How the requests of HTTP/1.1 are let in. */
export interface Turns {
  admit(req: IncomingMessage, res: ServerResponse): void;
  /** Whether a request of a connection is worked on. */
  runs(socket: Socket): boolean;
}

interface Line {
  running: boolean;
  paused: boolean;
  /** How many came when no more were let in. */
  tooMany: number;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
}

const mostWaiting = 128;
const mostTooMany = 512;

/**
 * Handles one request of a connection at a time (HTTP/1.1): the next one waits until the answer before it has gone, so that for
 * those who take no answers none are made. Nothing is read meanwhile. Of those that come at once all the same, the first that
 * finds no place is told so, as the last of its connection.
 */
export function takeTurns(handle: (req: IncomingMessage, res: ServerResponse) => unknown): Turns {
  const lines = new WeakMap<Socket, Line>();

  function start(line: Line, req: IncomingMessage, res: ServerResponse): void {
    line.running = true;
    res.once("close", () => goOn(line, req.socket));
    void handle(req, res);
  }

  function goOn(line: Line, socket: Socket): void {
    const next = socket.destroyed ? undefined : line.waiting.shift();
    if (next) return soon(() => startWaiting(line, ...next));
    line.running = false;
    line.waiting.length = 0;
    if (!line.paused) return;
    line.paused = false;
    socket.resume();
  }

  function startWaiting(line: Line, req: IncomingMessage, res: ServerResponse): void {
    if (req.socket.destroyed) return goOn(line, req.socket);
    start(line, req, res);
    // To read a body, Node reads on.
    if (line.waiting.length) pause(line, req.socket);
  }

  return {
    admit(req, res) {
      const { socket } = req;
      let line = lines.get(socket);
      if (!line) lines.set(socket, (line = { running: false, paused: false, tooMany: 0, waiting: [] }));
      if (!line.running) return start(line, req, res);
      pause(line, socket);
      if (line.tooMany) {
        if (++line.tooMany > mostTooMany) socket.destroy();
        return;
      }
      if (line.waiting.length < mostWaiting) return void line.waiting.push([req, res]);
      line.tooMany = 1;
      res.shouldKeepAlive = false;
      refuseOverload(res);
    },
    runs: (socket) => lines.get(socket)?.running ?? false,
  };
}

function pause(line: Line, socket: Socket): void {
  line.paused = true;
  socket.pause();
}
