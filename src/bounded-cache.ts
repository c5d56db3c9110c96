/** Keeps what was made until there is too much of it. */
export interface BoundedCache<K, V> {
  get(key: K): V | undefined;
  /** Keeps a value, and returns it. */
  set(key: K, value: V): V;
  delete(key: K): void;
  clear(): void;
}

/**
 * A cache of so many entries at most, of which at least the half that was used last stays.
 *
 * There are two generations. What is used moves into the younger one; once that is full it becomes the older one, and what was
 * left in the one before goes. So finding what is in use changes nothing, as moving it to the end of a queue would each time:
 * days of timestamps are looked up a thousand times for a list.
 *
 * @example
 * const programs = createBoundedCache<string, Program>(200);
 * const programOf = (source: string) => programs.get(source) ?? programs.set(source, compile(source));
 */
export function createBoundedCache<K, V extends {}>(most: number): BoundedCache<K, V> {
  let young = new Map<K, V>();
  let old = new Map<K, V>();

  function set(key: K, value: V): V {
    young.set(key, value);
    old.delete(key);
    if (young.size >= most / 2) {
      old = young;
      young = new Map();
    }
    return value;
  }

  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const aged = old.get(key);
      return aged === undefined ? undefined : set(key, aged);
    },
    set,
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young = new Map();
      old = new Map();
    },
  };
}
