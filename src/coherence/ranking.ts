/** Who has how much, of whom the one with the most is known at once. */
export interface Ranking {
  /** Says how much somebody has now; with nothing they are left out. */
  set(name: string, amount: number): void;
  /** Who has the most; undefined where nobody has anything. */
  first(): Ranked | undefined;
}

interface Ranked {
  readonly name: string;
  readonly amount: number;
}

/** A binary heap in which everybody's place is known: a change takes a few steps, for ten thousand at most 14. */
export function createRanking(): Ranking {
  const heap: Ranked[] = [];
  const places = new Map<string, number>();

  function put(at: number, one: Ranked): void {
    heap[at] = one;
    places.set(one.name, at);
  }

  function rise(from: number, one: Ranked): number {
    let at = from;
    for (let up = (at - 1) >> 1; at > 0 && heap[up]!.amount < one.amount; at = up, up = (at - 1) >> 1)
      put(at, heap[up]!);
    return at;
  }

  function sink(from: number, one: Ranked): number {
    for (let at = from; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const more = right < heap.length && heap[right]!.amount > heap[left]!.amount ? right : left;
      if (more >= heap.length || heap[more]!.amount <= one.amount) return at;
      put(at, heap[more]!);
      at = more;
    }
  }

  const settle = (at: number, one: Ranked): void => put(sink(rise(at, one), one), one);

  function leave(at: number): void {
    places.delete(heap[at]!.name);
    const last = heap.pop()!;
    if (at < heap.length) settle(at, last);
  }

  return {
    set(name, amount) {
      const at = places.get(name);
      if (amount > 0) settle(at ?? heap.length, { name, amount });
      else if (at !== undefined) leave(at);
    },
    first: () => heap[0],
  };
}
