/** An answer's headers, to be said. */
export interface ReplyHeaders extends Iterable<[string, string]> {
  get(name: string): string | null;
  has(name: string): boolean;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
}

/** An answer's headers as Node takes them. */
export interface OwnReplyHeaders extends ReplyHeaders {
  all(): Record<string, string | string[]>;
}

/** Headers for Node, with names in lower case. A Headers of the Fetch standard would sort and check them, which takes Node 5 µs an answer. */
export function replyHeaders(): OwnReplyHeaders {
  const said: Record<string, string | string[]> = {};
  const valuesOf = (name: string): string[] => (Object.hasOwn(said, name) ? [said[name]!].flat() : []);
  return {
    get: (name) => valuesOf(name).join(", ") || null,
    has: (name) => Object.hasOwn(said, name),
    set: (name, value) => void (said[name] = value),
    append: (name, value) => void (said[name] = [...valuesOf(name), value]),
    *[Symbol.iterator]() {
      for (const name of Object.keys(said)) for (const value of valuesOf(name)) yield [name, value];
    },
    all: () => said,
  };
}
