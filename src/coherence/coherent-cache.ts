import { atMostMs } from "./clock.ts";
import type { Clock, Moment } from "./clock.ts";
import { createFairCache } from "./fair-cache.ts";
import type { Peer } from "./peer.ts";

/** What is kept of answers of the database. */
export interface CoherentCache<V> {
  /** A value from memory where the terms allow it, else from the database, of which it is kept. Nobody may change it: it is handed to many. */
  through(wanted: Wanted, terms: Terms, ask: () => Promise<V | undefined>): V | undefined | Promise<V | undefined>;
  figures(): CacheFigures;
}

/** Which value. */
export interface Wanted {
  readonly key: string;
  /** The tenant that it is of: a key means nothing to another one, and none pushes out what is kept for others. */
  readonly nid: string;
}

/** On which terms a value may come from memory. */
export interface Terms {
  /** Only while this process holds a lease. */
  readonly underLease: boolean;
  /** How old it may be, in milliseconds. */
  readonly longestMs: number;
}

/** How often a cache was asked since the start, and what it holds. */
export interface CacheFigures {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  readonly bytes: number;
}

/** What a cache works with. */
export interface CoherentCacheParts<V> {
  readonly peer: Pick<Peer, "holds" | "validity">;
  readonly clock: Clock;
  readonly most: number;
  readonly mostBytes: number;
  /** What has to be as it was for the value to count. */
  subjectsOf(value: V): readonly string[];
  sizeOf(value: V): number;
}

interface Entry<V> {
  readonly value: V;
  readonly subjects: readonly string[];
  /** The generation, and the moment, before the database was asked. */
  readonly generation: number;
  readonly asked: Moment;
  readonly size: number;
}

/** Makes a cache that never holds more than it may. */
export function createCoherentCache<V>(parts: CoherentCacheParts<V>): CoherentCache<V> {
  const { peer, clock, most, mostBytes, subjectsOf, sizeOf } = parts;
  const entries = createFairCache<Entry<V>>({ most, mostWeight: mostBytes, weigh: ({ size }) => size });
  let hits = 0;
  let misses = 0;

  async function read(key: string, nid: string, ask: () => Promise<V | undefined>): Promise<V | undefined> {
    const generation = peer.validity.generation();
    const asked = clock.now();
    const value = await ask();
    // What is not there may be there in a moment.
    if (value === undefined) entries.delete(nid, key);
    else
      entries.set(nid, key, { value, subjects: [...subjectsOf(value), nid], generation, asked, size: sizeOf(value) });
    return value;
  }

  return {
    through({ key, nid }, { underLease, longestMs }, ask) {
      if (!underLease || peer.holds()) {
        const kept = entries.get(nid, key);
        if (
          kept &&
          peer.validity.counts(kept.generation, kept.subjects) &&
          atMostMs(kept.asked, clock.now()) < longestMs
        ) {
          hits++;
          return kept.value;
        }
      }
      misses++;
      return read(key, nid, ask);
    },
    figures: () => ({ hits, misses, entries: entries.size, bytes: entries.weight }),
  };
}
