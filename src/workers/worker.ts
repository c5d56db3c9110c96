import { fork, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { serverInstance } from "../peers.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** A worker process, as the supervisor knows it. */
export interface Worker {
  readonly number: number;
  readonly pid: number;
  /** By `performance.now()`, since when it serves; undefined until then. */
  readySince?: number;
  send(message: ToWorker): void;
  /** Sends it a connection of a port; false where its channel is closed. */
  sendConnection(port: string, socket: Socket): boolean;
  /** Ends it at once. */
  kill(): void;
  /** How it has ended. */
  readonly ended: Promise<Ending>;
}

/** How a process has ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts a worker: the same program with the same flags of Node's, which gets all else by messages. */
export function startWorker(
  number: number,
  count: number,
  receive: (worker: Worker, message: FromWorker) => void,
): Worker {
  const { id, startedAt } = serverInstance;
  const child = fork(process.argv[1]!, ["serve"], {
    env: { ...process.env, OSTIARY_WORKER: `${number}/${count}`, OSTIARY_SERVER: `${id}/${startedAt}` },
    // A configuration may hold what JSON has no form for.
    serialization: "advanced",
  });
  const worker: Worker = {
    number,
    pid: child.pid!,
    send: (message) => void (child.connected && child.send(message, undefined, undefined, ignore)),
    sendConnection(port, socket) {
      if (!child.connected) return false;
      // Kept open, so that another worker can have it if this one ends before it has accepted it.
      child.send({ kind: "connection", port } satisfies ToWorker, socket, { keepOpen: true }, ignore);
      return true;
    },
    kill: () => void child.kill("SIGKILL"),
    ended: endingOf(child),
  };
  child.on("message", (message) => receive(worker, message as FromWorker));
  return worker;
}

const ignore = () => undefined;

/** By its exit, and not by the end of its channel, which Node does not report while a connection is on its way. */
const endingOf = (child: ChildProcess): Promise<Ending> =>
  new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: 1, signal: null }));
  });
