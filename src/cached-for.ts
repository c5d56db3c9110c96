/** Calls a function once in so many milliseconds, and answers everybody who asks meanwhile with the same. */
export function cachedFor<T>(ms: number, find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  const forget = () => (found = undefined);
  return () => (found ??= find().finally(() => setTimeout(forget, ms).unref()));
}
