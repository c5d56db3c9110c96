import { createNotifier } from "../notifier.ts";
import { atLeastMs, untilPast } from "./clock.ts";
import type { Clock } from "./clock.ts";
import type { Asked, Invalidation, LeaseStore } from "./store.ts";
import { patienceMs, renewEveryMs } from "./terms.ts";

/** Tells holders of leases of what has been committed. */
export interface Announcer {
  /** Waits until no holder can answer with what was before these invalidations, which are committed: never longer than the patience. */
  announce(invalidations: readonly Invalidation[]): Promise<void>;
  /** Waits until all that is done beside the callers is done. */
  settled(): Promise<void>;
}

/** What an announcer works with. */
export interface AnnouncerParts {
  readonly store: LeaseStore;
  readonly clock: Clock;
  /** The holder in this process, which needs nobody to tell it. */
  ownId(): string | undefined;
  /** Hears why nobody could be asked. */
  failed(error: unknown): void;
}

/** One question to all holders, for all that was committed before it was asked. */
interface Round {
  readonly invalidations: Invalidation[];
  /** Over once all have answered. Where nobody could be asked, it never is. */
  readonly over: Promise<void>;
}

const [shortestPauseMs, longestPauseMs] = [5, 40];

/**
 * Makes what announces. Whoever has changed something asks every holder, and waits for the answers. A holder that gives none has
 * no lease any more once the patience is over, and is struck out: so it is safe to go on by then, even where nobody could be asked.
 */
export function createAnnouncer({ store, clock, ownId, failed }: AnnouncerParts): Announcer {
  const waiting = new Set<() => void>();
  const underWay = new Set<Promise<void>>();
  let asking: Promise<unknown> = Promise.resolve();
  let next: Round | undefined;
  store.hear("answered", () => {
    for (const ring of waiting) ring();
  });

  /** Waits for answers, and tells whose did not come. */
  async function silentOf(asked: readonly Asked[]): Promise<readonly Asked[]> {
    const began = clock.now();
    const leftMs = () => patienceMs - atLeastMs(began, clock.now());
    const notifier = createNotifier(clock.alarm);
    waiting.add(notifier.notify);
    try {
      let silent = asked;
      for (let pauseMs = shortestPauseMs; silent.length > 0 && leftMs() > 0; pauseMs *= 2) {
        await notifier.wait(Math.min(pauseMs, store.hears() ? renewEveryMs : longestPauseMs, leftMs()));
        silent = await store.unanswered(silent);
      }
      return silent;
    } finally {
      waiting.delete(notifier.notify);
    }
  }

  async function ask(invalidations: readonly Invalidation[]): Promise<void> {
    const question = store.ask(ownId());
    asking = question;
    const asked = await question;
    if (asked.length > 0) store.tell("asked");
    for (const one of await silentOf(asked)) await store.expel(one);
    beside(store.forget(invalidations));
  }

  function beside(work: Promise<void>): void {
    const settled: Promise<void> = work.catch(failed).finally(() => underWay.delete(settled));
    underWay.add(settled);
  }

  /** Begins a round once the question before it has been asked: until then, more may join it. */
  function begin(): Round {
    const invalidations: Invalidation[] = [];
    const over = asking.then(noop, noop).then(() => {
      next = undefined;
      const work = ask(invalidations);
      beside(work);
      return work.catch(() => new Promise<never>(noop));
    });
    return { invalidations, over };
  }

  return {
    async announce(invalidations) {
      const patience = untilPast(clock, clock.now(), patienceMs);
      next ??= begin();
      next.invalidations.push(...invalidations);
      await Promise.race([next.over, patience.past]);
      patience.cancel();
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

const noop = (): void => undefined;
