import type { SendHandle } from "node:child_process";
import { randomUUID } from "node:crypto";

/** What the workers of a server send each other, by way of the supervisor that has started them. */
export type PeerMessage =
  | { readonly kind: "publish"; readonly topic: string; readonly event: unknown }
  | { readonly kind: "gather"; readonly id: number; readonly query: string; readonly timeoutMs: number }
  | { readonly kind: "query"; readonly id: number; readonly query: string }
  | { readonly kind: "answer"; readonly id: number; readonly answer?: unknown; readonly failed?: true }
  | { readonly kind: "replies"; readonly id: number; readonly replies: readonly Reply<unknown>[] }
  | { readonly kind: "leader" }
  | { readonly kind: "started" }
  | { readonly kind: "inherit"; readonly answers: Readonly<Record<string, unknown>> };

/** The reply of one worker to a query. */
export interface Reply<A> {
  /** The number of the worker. */
  readonly worker: number;
  readonly answer?: A;
  /** Whether it runs and did not answer in time. Of one that has ended and has no successor yet, only `last` is known. */
  readonly timedOut?: true;
  /** Its last answer to an earlier query, where there is none to this one. */
  readonly last?: A | undefined;
}

const place = process.send ? /^(\d+)\/(\d+)$/.exec(process.env["OSTIARY_WORKER"] ?? "") : undefined;

/** How many workers (processes) this server has: they share its ports, its database and this machine. 1 where it is one process. */
export const workerCount: number = place ? Number(place[2]) : 1;

/** Which of them this process is, from 1; the one that takes the place of another has its number. */
export const workerNumber: number = place ? Number(place[1]) : 1;

/** A server: all of its workers are the same one. */
interface ServerInstance {
  readonly id: string;
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number;
}

/** The server that this process is, or is a worker of. */
export const serverInstance: ServerInstance = instanceOf(place ? process.env["OSTIARY_SERVER"] : undefined);

function instanceOf(given: string | undefined): ServerInstance {
  const [, id, startedAt] = /^([\w-]+)\/(\d+)$/.exec(given ?? "") ?? [];
  return id ? { id, startedAt: Number(startedAt) } : { id: randomUUID(), startedAt: Date.now() };
}

/** A worker's share of what the whole server may use, rounded up, but not less than `least`; all of it where the server is one process. */
export const shareOf = (whole: number, least = 1): number =>
  workerCount === 1 ? whole : Math.max(least, Math.ceil(whole / workerCount));

/** A broadcast between the workers of a server. */
export interface Topic<T> {
  /** Sends an event to the other workers. It is not acknowledged; a worker that starts at the moment misses it. */
  publish(event: T): void;
  /** Calls back for each event of another worker; answers with the way to stop that. */
  subscribe(listener: (event: T) => void): () => void;
}

/**
 * Makes a topic. In a server of one process there is nobody to send to.
 *
 * @param name unique in the program
 */
export function defineTopic<T>(name: string): Topic<T> {
  return {
    publish(event) {
      if (workerCount > 1) sendToSupervisor({ kind: "publish", topic: name, event });
    },
    subscribe(listener) {
      if (workerCount === 1) return () => undefined;
      return onSupervisor((message) => {
        if (message.kind === "publish" && message.topic === name) listener(message.event as T);
      });
    },
  };
}

/** Asks all workers of a server, this one too, and answers with their replies, by number. */
export type Gather<A> = (timeoutMs: number) => Promise<readonly Reply<A>[]>;

/** A query that every worker of a server answers (scatter and gather). */
export interface Query<A> {
  /** Has this worker answer from now on; answers with the way to ask all of them. */
  answeredBy(answer: () => A | Promise<A>): Gather<A>;
  /** The last answer of the worker that this one has replaced. */
  inherited(): A | undefined;
}

let gathered = 0;

/**
 * Makes a query. A server of one process asks itself, and waits as long as it takes.
 *
 * @param name unique in the program
 */
export function defineQuery<A>(name: string): Query<A> {
  return {
    answeredBy(answer) {
      if (workerCount === 1) return async () => [{ worker: workerNumber, answer: await answer() }];
      onSupervisor((message) => {
        if (message.kind !== "query" || message.query !== name) return;
        const { id } = message;
        void Promise.resolve()
          .then(answer)
          .then(
            (found) => sendToSupervisor({ kind: "answer", id, answer: found }),
            () => sendToSupervisor({ kind: "answer", id, failed: true }),
          );
      });
      return (timeoutMs) => gather(name, timeoutMs);
    },
    inherited: () => inheritance[name] as A | undefined,
  };
}

function gather<A>(query: string, timeoutMs: number): Promise<readonly Reply<A>[]> {
  const id = ++gathered;
  return new Promise((resolve) => {
    const stop = onSupervisor((message) => {
      if (message.kind !== "replies" || message.id !== id) return;
      stop();
      resolve(message.replies as readonly Reply<A>[]);
    });
    sendToSupervisor({ kind: "gather", id, query, timeoutMs });
  });
}

let leader = workerCount === 1;
let started = workerCount === 1;
let inheritance: Readonly<Record<string, unknown>> = {};
const election = Promise.withResolvers<void>();
if (leader) election.resolve();
else
  onSupervisor((message) => {
    if (message.kind === "inherit") inheritance = message.answers;
    if (message.kind === "started") started = true;
    if (message.kind !== "leader") return;
    leader = true;
    election.resolve();
  });

/** Whether this worker runs the tasks that a server has once: the supervisor appoints another leader when it ends. */
export const isLeader = (): boolean => leader;

/** Resolves once this worker is the leader. */
export const elected: Promise<void> = election.promise;

/** Whether all workers have started: until then whatever is wrong ends the server. */
export const hasStarted = (): boolean => started;

/** Sends to the supervisor of this worker; drops the message if that one is no more. */
export function sendToSupervisor<M extends { readonly kind: string } = PeerMessage>(message: M): void {
  if (process.connected) process.send!(message, undefined, undefined, () => undefined);
}

/** Calls back for each message of the supervisor; answers with the way to stop that. */
export function onSupervisor<M extends { readonly kind: string } = PeerMessage>(
  listener: (message: M, handle: SendHandle | undefined) => void,
): () => void {
  const hear = (message: unknown, handle: unknown) => listener(message as M, handle as SendHandle | undefined);
  process.on("message", hear).setMaxListeners(0);
  return () => void process.off("message", hear);
}
