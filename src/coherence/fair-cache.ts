import { createRanking } from "./ranking.ts";

/** Keeps values of several owners until there is too much of them: whoever has more than a fair share then gives room. */
export interface FairCache<V> {
  get(owner: string, key: string): V | undefined;
  set(owner: string, key: string, value: V): void;
  delete(owner: string, key: string): void;
  /** How many values are kept. */
  readonly size: number;
  /** How much they weigh. */
  readonly weight: number;
}

/** How much is kept at most. */
export interface FairLimits<V> {
  readonly most: number;
  readonly mostWeight: number;
  /** Always the same for a value. */
  weigh(value: V): number;
}

/**
 * A cache in which no owner pushes out the others: each may have as much as there is room for, and once it is full those give who
 * have more than the room divided by the number of owners. So an owner alone has all of it, and one of many keeps its share however
 * much others ask for. What alone weighs more than half of the room is not kept.
 *
 * What goes first is what was kept for the longest; what was found meanwhile is passed by once (the second chance of page
 * replacement). So to find what is in use moves nothing.
 */
export function createFairCache<V extends {}>({ most, mostWeight, weigh }: FairLimits<V>): FairCache<V> {
  const shares = new Map<string, Share<V>>();
  const total: Amount = { size: 0, weight: 0 };
  const room: Amount = { size: most, weight: mostWeight };
  const ranking = { size: createRanking(), weight: createRanking() };

  function shareOf(owner: string): Share<V> {
    const known = shares.get(owner);
    if (known) return known;
    const share = createShare(weigh);
    shares.set(owner, share);
    return share;
  }

  /** Lets an owner change what they have. */
  function change(owner: string, share: Share<V>, how: () => void): void {
    const { size, weight } = share.amount;
    how();
    total.size += share.amount.size - size;
    total.weight += share.amount.weight - weight;
    ranking.size.set(owner, share.amount.size);
    ranking.weight.set(owner, share.amount.weight);
    if (share.amount.size === 0) shares.delete(owner);
  }

  /** Who gives room: whoever asks for it, if they have more than a fair share, else whoever has the most. */
  function giverFor(asking: string, measure: keyof Amount): string {
    const own = shares.get(asking)?.amount[measure] ?? 0;
    if (own > room[measure] / shares.size) return asking;
    const first = ranking[measure].first();
    return first && first.amount > own ? first.name : asking;
  }

  function makeRoom(asking: string, measure: keyof Amount): void {
    while (total[measure] > room[measure]) {
      const giver = giverFor(asking, measure);
      const share = shares.get(giver)!;
      change(giver, share, share.giveWay);
    }
  }

  function drop(owner: string, key: string): void {
    const share = shares.get(owner);
    if (share) change(owner, share, () => share.drop(key));
  }

  return {
    get: (owner, key) => shares.get(owner)?.get(key),
    set(owner, key, value) {
      drop(owner, key);
      if (weigh(value) > mostWeight / 2) return;
      const share = shareOf(owner);
      change(owner, share, () => share.add(key, value));
      makeRoom(owner, "size");
      makeRoom(owner, "weight");
    },
    delete: drop,
    get size() {
      return total.size;
    },
    get weight() {
      return total.weight;
    },
  };
}

interface Amount {
  size: number;
  weight: number;
}

interface Kept<V> {
  readonly value: V;
  /** Whether it was found since it was last passed by. */
  used: boolean;
}

/** What one owner has. */
interface Share<V> {
  readonly amount: Readonly<Amount>;
  get(key: string): V | undefined;
  add(key: string, value: V): void;
  drop(key: string): void;
  /** Drops one of the values that there are. */
  giveWay(): void;
}

/** How many are passed by at most, so that nobody waits for all that are in use. */
const mostPassedBy = 64;

function createShare<V>(weigh: (value: V) => number): Share<V> {
  // In the order in which they are to go.
  const values = new Map<string, Kept<V>>();
  const amount: Amount = { size: 0, weight: 0 };
  // Stands before the first of them: to begin anew each time would pass all that are gone.
  let next = values.entries();

  function first(): [string, Kept<V>] {
    const found = next.next();
    if (!found.done) return found.value;
    next = values.entries();
    return next.next().value!;
  }

  function drop(key: string): void {
    const kept = values.get(key);
    if (!kept) return;
    values.delete(key);
    amount.size--;
    amount.weight -= weigh(kept.value);
  }

  return {
    amount,
    drop,
    get(key) {
      const kept = values.get(key);
      if (kept) kept.used = true;
      return kept?.value;
    },
    add(key, value) {
      values.set(key, { value, used: false });
      amount.size++;
      amount.weight += weigh(value);
    },
    giveWay() {
      for (let passedBy = 0; ; passedBy++) {
        const [key, kept] = first();
        if (!kept.used || passedBy === mostPassedBy) return drop(key);
        kept.used = false;
        values.delete(key);
        values.set(key, kept);
      }
    },
  };
}
