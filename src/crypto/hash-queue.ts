import { availableParallelism } from "node:os";
import { shareOf, workerCount } from "../peers.ts";
import { defineCounter, defineGauge, defineHistogram } from "../measure.ts";
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

const shape = { bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5], labelNames: ["work"] };
const waited = defineHistogram(
  "ostiary_hash_wait_seconds",
  "How long hashes of passwords have waited for their turn, by work: password hash or password verify.",
  shape,
);
const took = defineHistogram(
  "ostiary_hash_duration_seconds",
  "How long hashes took once it was their turn, by work.",
  shape,
);
const refused = defineCounter(
  "ostiary_hash_refused_total",
  "Hashes that were refused, since those before them would take too long.",
);

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
    if (waiting.length >= bound()) {
      refused([]);
      throw new HashQueueFull(estimatedWaitSeconds());
    }
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
        const cameAt = performance.now();
        await enter();
        span?.event("begun", {});
        const startedAt = performance.now();
        waited((startedAt - cameAt) / 1000, [what]);
        try {
          return await work();
        } finally {
          if (fresh) options.begun?.();
          fresh = false;
          const tookMs = performance.now() - startedAt;
          took(tookMs / 1000, [what]);
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

defineGauge("ostiary_hash_running", "Passwords that are being hashed.", () => hashQueue.running);
defineGauge("ostiary_hash_waiting", "Passwords that wait to be hashed.", () => hashQueue.waiting);
