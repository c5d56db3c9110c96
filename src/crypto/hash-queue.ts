import { availableParallelism } from "node:os";
import { shareOf, workerCount } from "../peers.ts";
import { traced } from "../tracing/active-span.ts";
import { lowerPriority } from "./hash-threads.ts";

/** Thrown when so many hashes wait that another one would wait too long. */
export class HashQueueFull extends Error {
  override readonly name = "HashQueueFull";
  /** After how many seconds trying again makes sense. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super("Too many passwords are waiting to be hashed.");
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** How much hashing is let in at a time, and how much may wait. */
export interface HashQueueOptions {
  readonly workers: number;
  /** How long the last one in the queue may have to wait, by estimate. */
  readonly longestWaitMs: number;
  readonly fewestWaiting: number;
  readonly mostWaiting: number;
  /** Runs once, when the first hash is done: the threads that hash are there from then on. */
  begun?(): void;
}

/** A queue that runs slow hashes a few at a time, so that they leave the machine's other work its turn. */
export interface HashQueue {
  /** Runs a hash when its turn has come; `what` names it in traces. */
  run<T>(work: () => Promise<T>, what?: string): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

/** The weight of the newest hash in the moving average of their durations. */
const newestWeight = 0.1;

/** Makes a queue for hashes. */
export function createHashQueue(options: HashQueueOptions): HashQueue {
  const waiting: (() => void)[] = [];
  let running = 0;
  let averageMs = 0;
  let fresh = true;

  const bound = () => {
    const fitting =
      averageMs > 0 ? Math.floor((options.longestWaitMs * options.workers) / averageMs) : options.mostWaiting;
    return Math.min(options.mostWaiting, Math.max(options.fewestWaiting, fitting));
  };
  const estimatedWaitSeconds = () => Math.max(1, Math.ceil((waiting.length * averageMs) / options.workers / 1000));

  async function enter(): Promise<void> {
    if (running < options.workers) {
      running++;
      return;
    }
    if (waiting.length >= bound()) throw new HashQueueFull(estimatedWaitSeconds());
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    // The place is handed on without being freed, so that nobody slips in between.
    if (next) next();
    else running--;
  }

  return {
    run: (work, what = "password hash") =>
      traced(what, {}, async (span) => {
        await enter();
        span?.event("begun", {});
        const startedAt = performance.now();
        try {
          return await work();
        } finally {
          if (fresh) options.begun?.();
          fresh = false;
          const tookMs = performance.now() - startedAt;
          averageMs = averageMs === 0 ? tookMs : averageMs + (tookMs - averageMs) * newestWeight;
          leave();
        }
      }),
    get running() {
      return running;
    },
    get waiting() {
      return waiting.length;
    },
  };
}

/** The queue that all password hashing of this process goes through: its share of as many at a time as there are cores. */
export const hashQueue: HashQueue = createHashQueue({
  workers: Math.max(1, Math.floor(availableParallelism() / workerCount)),
  longestWaitMs: 4000,
  fewestWaiting: 16,
  mostWaiting: shareOf(256, 16),
  begun: lowerPriority,
});
