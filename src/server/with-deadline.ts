import { ErrorReason, problem } from "../errors.ts";

/** How long any call may take, in milliseconds, whatever its client says. */
export const longestCallMs = 30_000;

const lookEveryMs = 1000;

/** A call that may take as long as any. */
interface Waiting {
  /** By `performance.now()`. */
  readonly since: number;
  /** Undefined once it is over. */
  giveUp: (() => void) | undefined;
}

/**
 * In the order in which they began, which is the one in which their time is up. A set that is full is copied, and what it was before holds
 * all that was in it then, and each the next: what of that is old keeps all that came after it from being cleared up cheaply.
 */
const waiting = new Set<Waiting>();
let timer: NodeJS.Timeout | undefined;

/** Hears how work has ended that was waited for: with an error, or with none. */
export type Ended = (error: unknown) => void;

/**
 * Waits for work so long, and then refuses with DEADLINE. The work itself goes on: what it does to the database is one
 * transaction, which is done or not. A client's own limit is kept to the millisecond, that of all calls to a second: a timer for
 * each call would cost as much as to read a session.
 */
export function withDeadline<T>(
  work: Promise<T>,
  mostMs: number,
  since = performance.now(),
  ended?: Ended,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false;
    const refuse = (error: unknown) => {
      if (over) return;
      over = true;
      ended?.(error);
      // What the work was refused with, whatever that is.
      // oxlint-disable-next-line prefer-promise-reject-errors
      reject(error);
    };
    const giveUp = () => refuse(problem(ErrorReason.DEADLINE));
    const done = mostMs >= longestCallMs ? keep({ since, giveUp }) : stopwatch(giveUp, mostMs);
    work.then(
      (value) => {
        done();
        if (over) return;
        over = true;
        ended?.(undefined);
        resolve(value);
      },
      (error: unknown) => {
        done();
        refuse(error);
      },
    );
  });
}

function stopwatch(giveUp: () => void, mostMs: number): () => void {
  const own = setTimeout(giveUp, mostMs);
  return () => clearTimeout(own);
}

function keep(call: Waiting): () => void {
  waiting.add(call);
  timer ??= setInterval(look, lookEveryMs).unref();
  return () => {
    waiting.delete(call);
    // It knows the answer, which may hold megabytes.
    call.giveUp = undefined;
  };
}

function look(): void {
  const latest = performance.now() - longestCallMs;
  for (const call of waiting) {
    if (call.since > latest) return;
    waiting.delete(call);
    call.giveUp?.();
  }
}
