import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { refuseOverload } from "./refuse-overload.ts";
import { soon } from "./queue.ts";

/** How the requests of HTTP/1.1 are let in. */
export interface Turns {
  /** Meets a connection, once it is one of HTTP/1.1. */
  meet(socket: Socket): void;
  admit(req: IncomingMessage, res: ServerResponse): void;
  /** Whether a request of a connection is worked on. */
  runs(socket: Socket): boolean;
}

interface Line {
  /** Of its own: a request whose body ends early loses the connection that it came by. */
  readonly socket: Socket;
  running: boolean;
  paused: boolean;
  /** Whether one more came than are let in. */
  full: boolean;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
}

/** A connection as Node's server reads it; its parser takes from the listener how to go on, as of a request to change protocols. */
interface Parsed {
  readonly parser?: { onIncoming(req: IncomingMessage, keepAlive: boolean): number } | null;
}

const mostWaiting = 128;
/** Of all connections of a port together: each request that waits is an object, and all of a client's go at once when it leaves. */
const mostWaitingInAll = 2048;
const skipAll = 2;

/**
 * Handles one request of a connection at a time (HTTP/1.1): the next one waits until the answer before it has gone, so that for
 * those who take no answers none are made. Nothing is read meanwhile. Of those that come at once all the same, the first that
 * finds no place is told so, as the last of its connection; what follows it is not looked at. Of each that was handled it is said when it leaves.
 */
export function takeTurns(
  handle: (req: IncomingMessage, res: ServerResponse) => unknown,
  leave: (res: ServerResponse) => void,
): Turns {
  const lines = new WeakMap<Socket, Line>();
  let waitingInAll = 0;

  function start(line: Line, req: IncomingMessage, res: ServerResponse): void {
    line.running = true;
    // It comes once; to take a listener off again costs more than it is worth.
    res.on("close", () => {
      leave(res);
      goOn(line);
    });
    void handle(req, res);
  }

  function goOn(line: Line): void {
    const next = line.socket.destroyed ? undefined : line.waiting.shift();
    if (next) {
      waitingInAll--;
      return soon(() => startWaiting(line, ...next));
    }
    line.running = false;
    waitingInAll -= line.waiting.length;
    line.waiting.length = 0;
    if (!line.paused || line.full) return;
    line.paused = false;
    line.socket.resume();
  }

  function startWaiting(line: Line, req: IncomingMessage, res: ServerResponse): void {
    if (line.socket.destroyed) return goOn(line);
    start(line, req, res);
    // To read a body, Node reads on.
    if (line.waiting.length) pause(line);
  }

  function lineOf(socket: Socket): Line {
    let line = lines.get(socket);
    if (!line) lines.set(socket, (line = { socket, running: false, paused: false, full: false, waiting: [] }));
    return line;
  }

  return {
    meet(socket) {
      const { parser } = socket as Parsed;
      if (!parser) return;
      leaveCheaply(socket);
      const line = lineOf(socket);
      const read = parser.onIncoming;
      // A packet holds thousands of short requests, and Node would make each of them although nothing more is read.
      parser.onIncoming = (req, keepAlive) => (line.full ? skipAll : read(req, keepAlive));
    },
    admit(req, res) {
      const line = lineOf(req.socket);
      if (!line.running) return start(line, req, res);
      pause(line);
      if (line.waiting.length < mostWaiting && waitingInAll < mostWaitingInAll) {
        waitingInAll++;
        return void line.waiting.push([req, res]);
      }
      line.full = true;
      res.shouldKeepAlive = false;
      refuseOverload(res);
    },
    runs: (socket) => lines.get(socket)?.running ?? false,
  };
}

const { stackTraceLimit } = Error;

/**
 * When a connection closes, Node makes an error for each request that it leaves behind, and has its stack written. Where many
 * leave at once with a hundred requests each, that alone held everybody else up for half a second; nobody reads these stacks.
 */
function leaveCheaply(socket: Socket): void {
  socket.prependListener("close", () => (Error.stackTraceLimit = 0));
  socket.on("close", () => (Error.stackTraceLimit = stackTraceLimit));
}

function pause(line: Line): void {
  line.paused = true;
  line.socket.pause();
}
