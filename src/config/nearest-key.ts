type Keys = Readonly<Record<string, unknown>>;

/** The known key that is most like a word. */
export const nearestKey = (word: string, keys: Keys): string =>
  Object.keys(keys)
    .map((key) => ({ key, far: distance(key, word) }))
    .reduce((best, next) => (next.far < best.far ? next : best)).key;

/** The known key that was probably meant by a word; undefined if none is like it. */
export function likelyKey(word: string, keys: Keys): string | undefined {
  if (Object.keys(keys).length === 0) return undefined;
  const key = nearestKey(word, keys);
  return distance(key, word) <= Math.max(1, Math.floor(key.length / 4)) ? key : undefined;
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1];
    for (let col = 0; col < b.length; col++)
      next.push(Math.min(next[col]! + 1, row[col + 1]! + 1, row[col]! + (letter === b[col] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
