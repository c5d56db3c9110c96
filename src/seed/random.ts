/** A sequence of numbers that looks random and is the same for the same seed (mulberry32): nothing of it is secret. */
export interface Sequence {
  /** From 0 to below 1. */
  next(): number;
  /** One of several. */
  pick<T>(from: readonly T[]): T;
  /** True so often. */
  chance(probability: number): boolean;
}

/** Begins the sequence of a seed. */
export function sequenceOf(seed: number): Sequence {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: (from) => from[Math.floor(next() * from.length)]!,
    chance: (probability) => next() < probability,
  };
}
