/** Keeps what was made until there is too much of it. */
export interface BoundedCache<K, V> {
  get(key: K): V | undefined;
  /** Keeps a value, and returns it. */
  set(key: K, value: V): V;
  delete(key: K): void;
  clear(): void;
  /** How many values are kept. */
  readonly size: number;
  /** How much they weigh; 0 where nothing is weighed. */
  readonly weight: number;
}

/** What values weigh, and how much all of them may. */
export interface Weighing<V> {
  readonly most: number;
  /** Always the same for a value. */
  of(value: V): number;
}

/**
 * A cache of so many entries at most, of which at least the half that was used last stays; where values are weighed, of so much
 * in all at most, and what alone weighs more than half of that is not kept.
 *
 * There are two generations. What is used moves into the younger one; once that is full it becomes the older one, and what was
 * left in the one before goes. So finding what is in use changes nothing, as moving it to the end of a queue would each time:
 * days of timestamps are looked up a thousand times for a list.
 *
 * @example
 * const programs = createBoundedCache<string, Program>(200);
 * const programOf = (source: string) => programs.get(source) ?? programs.set(source, compile(source));
 */
export function createBoundedCache<K, V extends {}>(most: number, weighing?: Weighing<V>): BoundedCache<K, V> {
  let young = createGeneration<K, V>(weighing);
  let old = createGeneration<K, V>(weighing);

  function age(): void {
    old = young;
    young = createGeneration(weighing);
  }

  function set(key: K, value: V): V {
    old.delete(key);
    young.delete(key);
    if (weighing) {
      const weight = weighing.of(value);
      if (weight > weighing.most / 2) return value;
      if (young.weight + weight > weighing.most / 2) age();
    }
    young.set(key, value);
    if (young.values.size >= most / 2) age();
    return value;
  }

  return {
    get(key) {
      const value = young.values.get(key);
      if (value !== undefined) return value;
      const aged = old.values.get(key);
      return aged === undefined ? undefined : set(key, aged);
    },
    set,
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young = createGeneration(weighing);
      old = createGeneration(weighing);
    },
    get size() {
      return young.values.size + old.values.size;
    },
    get weight() {
      return young.weight + old.weight;
    },
  };
}

interface Generation<K, V> {
  readonly values: ReadonlyMap<K, V>;
  weight: number;
  set(key: K, value: V): void;
  delete(key: K): void;
}

function createGeneration<K, V>(weighing: Weighing<V> | undefined): Generation<K, V> {
  const values = new Map<K, V>();
  return {
    values,
    weight: 0,
    set(key, value) {
      values.set(key, value);
      if (weighing) this.weight += weighing.of(value);
    },
    delete(key) {
      const value = weighing && values.get(key);
      if (value !== undefined) this.weight -= weighing!.of(value);
      values.delete(key);
    },
  };
}
