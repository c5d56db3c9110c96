import { createAnnouncer } from "./announcer.ts";
import type { Clock } from "./clock.ts";
import { holdLease } from "./holder.ts";
import type { Holder } from "./holder.ts";
import type { Gate, Invalidation, LeaseStore } from "./store.ts";
import { createValidity } from "./validity.ts";
import type { Validity } from "./validity.ts";

/** A process among those that change things, and keep some in memory. */
export interface Peer {
  /** Whether what was read still counts, as far as this process has changed it or has heard of it under its lease. */
  readonly validity: Validity;
  /** Whether this process holds a lease that is good now: all that others have changed is known, or they wait. */
  holds(): boolean;
  /** By which id it holds a lease, or is about to. */
  ownId(): string | undefined;
  /** How long ago it last looked, in milliseconds; undefined where it holds no lease. */
  lagMs(): number | undefined;
  /** Begins to hold a lease, or ends to. */
  hold(wanted: boolean): Promise<void>;
  /**
   * Says what a transaction invalidates that is about to be committed: until it is over, this process answers nothing about that from
   * memory. A commit may have happened long before the process hears of it, and nobody else tells it what it has changed itself.
   */
  willChange(invalidations: readonly Invalidation[]): void;
  /**
   * Whether what a transaction invalidates has to be written down in it: whether anybody else may hold a lease when it is committed.
   * It is to be asked last. Who enters after that waits for the end of the transaction, so that nothing it has read is from before it.
   */
  othersMayHold(gate: Gate): Promise<boolean>;
  /**
   * Waits, after a transaction that was said to change something, until nobody can be answered from memory with what was before it. Where nobody knows whether it was
   * committed, nobody is told: those who hold leases find the invalidations if it was.
   */
  over(transaction: Ended): Promise<void>;
  close(): Promise<void>;
}

/** A transaction that has ended. */
export interface Ended {
  readonly invalidations: readonly Invalidation[];
  /** Whether they were written, as they must be where anybody else may hold a lease. */
  readonly recorded: boolean;
  readonly committed: boolean;
}

/** What a peer works with. */
export interface PeerParts {
  readonly store: LeaseStore;
  readonly clock: Clock;
  newId(): string;
  /** Hears why no lease can be had, or nobody be asked. */
  failed(error: unknown): void;
}

/** Makes a peer, which holds no lease yet. */
export function createPeer({ store, clock, newId, failed }: PeerParts): Peer {
  const validity = createValidity();
  let holder: Holder | undefined;
  const ownId = () => holder?.id();
  const announcer = createAnnouncer({ store, clock, ownId, failed });

  // One after another, since what one lets go another may need.
  let changing: Promise<void> = Promise.resolve();

  function begin(): void {
    holder ??= holdLease({ store, clock, validity, newId, failed });
  }

  async function letGo(): Promise<void> {
    const before = holder;
    holder = undefined;
    await before?.stop();
    await store.close();
  }

  return {
    validity,
    ownId,
    holds: () => holder !== undefined && holder.holds(),
    lagMs: () => holder?.lagMs(),
    hold: (wanted) => (changing = changing.then(() => (wanted ? begin() : letGo()))),
    willChange: (invalidations) => invalidations.forEach(({ subject }) => validity.doubt(subject)),
    async othersMayHold(gate) {
      await gate.shut();
      return gate.isAnybodyBut(ownId());
    },
    async over({ invalidations, recorded, committed }) {
      for (const { subject } of invalidations) validity.settle(subject);
      if (committed && recorded) await announcer.announce(invalidations);
    },
    async close() {
      await changing.then(letGo);
      await announcer.settled();
    },
  };
}
