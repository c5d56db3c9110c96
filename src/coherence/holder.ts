import { createNotifier } from "../notifier.ts";
import { atLeastMs, atMostMs } from "./clock.ts";
import type { Clock, Moment } from "./clock.ts";
import type { Invalidation, LeaseStore } from "./store.ts";
import { leaseMs, lookEveryMs, orphanedMs, renewEveryMs } from "./terms.ts";
import type { Validity } from "./validity.ts";

/** A process that holds a lease, as long as it can. */
export interface Holder {
  /** Whether the lease is good now. To be asked for each answer: a process may have been stopped since the last one. */
  holds(): boolean;
  /** By which id it is entered; undefined where it is not. */
  id(): string | undefined;
  /** How long ago it last looked what was invalidated, in milliseconds; undefined where it never has. */
  lagMs(): number | undefined;
  /** Gives the lease back. Nothing is answered from memory from the moment of the call. */
  stop(): Promise<void>;
}

/** What a holder works with. */
export interface HolderParts {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly validity: Validity;
  newId(): string;
  /** Hears why no lease can be had. */
  failed(error: unknown): void;
}

/** Remembers since when invalidations are known, as long as they are there: none is taken in twice. */
function rememberSeen(clock: Clock, validity: Validity) {
  let seen = new Map<string, { readonly invalidation: Invalidation; readonly since: Moment }>();
  return {
    takeIn(invalidations: readonly Invalidation[]): void {
      const before = seen;
      seen = new Map();
      for (const invalidation of invalidations) {
        const known = before.get(invalidation.id);
        if (!known) validity.invalidate(invalidation.subject);
        seen.set(invalidation.id, known ?? { invalidation, since: clock.now() });
      }
    },
    /** What nobody else clears away: whoever has announced it does not live any more. */
    orphans: (): readonly Invalidation[] =>
      [...seen.values()]
        .filter(({ since }) => atLeastMs(since, clock.now()) > orphanedMs)
        .map(({ invalidation }) => invalidation),
  };
}

/**
 * Enters the process among those who hold leases, and renews its own again and again. To renew it is to look: what was
 * invalidated is read together with the entry, and the lease is good from before that was asked. Nothing is written for it,
 * except an answer to whoever asks.
 */
export function holdLease({ store, clock, validity, newId, failed }: HolderParts): Holder {
  const notifier = createNotifier(clock.alarm);
  const seen = rememberSeen(clock, validity);
  let entered: string | undefined;
  /** Whether all transactions are over that did not see it enter, and have written down nothing for it. */
  let settled = false;
  /** When the last look that succeeded was begun. */
  let renewed: Moment | undefined;
  let stopped = false;

  const isGood = (at: Moment): boolean => renewed !== undefined && atMostMs(renewed, at) < leaseMs;

  /** What is in memory was read under another lease, and nobody has waited for this process since that was over. */
  function lose(): void {
    renewed = undefined;
    validity.invalidateAll();
  }

  async function join(): Promise<string> {
    const id = newId();
    settled = false;
    await store.join(id);
    return (entered = id);
  }

  /** Looks once. False where the process has been struck out, and has to enter anew. */
  async function look(): Promise<boolean> {
    const id = entered ?? (await join());
    // Before all is forgotten: what was read until then may be from before a change that does not know of this holder.
    settled ||= await store.isClear();
    const began = clock.now();
    if (!isGood(began)) lose();
    const sight = await store.look(id);
    if (sight) seen.takeIn(sight.invalidations);
    const remains = sight && (sight.asked <= sight.answered || (await store.answer(id, sight.asked)));
    if (!remains) {
      lose();
      entered = undefined;
      return false;
    }
    if (sight.asked > sight.answered) store.tell("answered");
    if (settled && !stopped) renewed = began;
    const orphans = seen.orphans();
    if (orphans.length > 0) await store.forget(orphans);
    return true;
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const again = await look().then(
        (remains) => !remains,
        (error: unknown) => void failed(error),
      );
      if (!again && !stopped) await notifier.wait(settled && store.hears() ? renewEveryMs : lookEveryMs);
    }
  }

  store.hear("asked", notifier.notify);
  const running = run();
  return {
    holds: () => isGood(clock.now()),
    id: () => entered,
    lagMs: () => renewed && atMostMs(renewed, clock.now()),
    async stop() {
      stopped = true;
      lose();
      notifier.notify();
      await running;
      if (entered) await store.leave(entered).catch(() => undefined);
    },
  };
}
