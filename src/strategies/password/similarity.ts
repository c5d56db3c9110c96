const fewestEdits = 5;
const largestShare = 0.5;
const longestCompared = 256;

/** Whether a password is an identifier with little changed, or holds a large part of one. */
export function isSimilar(password: string, identifier: string): boolean {
  const [secret, known] = [fold(password), fold(identifier)];
  if (secret.length === 0 || known.length === 0) return false;
  // The comparison costs the product of the lengths.
  if (secret.length > longestCompared || known.length > longestCompared) return false;
  return editDistance(secret, known) < fewestEdits || longestCommonRun(secret, known) / secret.length > largestShare;
}

const fold = (text: string): string[] => [...text.normalize("NFKC").toLowerCase()];

/** How many letters have to be put in, taken out or replaced to get from one text to the other (Levenshtein). */
function editDistance(from: readonly string[], to: readonly string[]): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of from.entries()) {
    const line = [row + 1];
    for (const [column, other] of to.entries())
      line.push(Math.min(line[column]! + 1, above[column + 1]! + 1, above[column]! + (letter === other ? 0 : 1)));
    above = line;
  }
  return above.at(-1)!;
}

/** The length of the longest piece that stands in both texts. */
function longestCommonRun(one: readonly string[], other: readonly string[]): number {
  let longest = 0;
  let above = Array.from({ length: other.length + 1 }, () => 0);
  for (const letter of one) {
    const line = [0];
    for (const [column, candidate] of other.entries()) line.push(letter === candidate ? above[column]! + 1 : 0);
    longest = Math.max(longest, ...line);
    above = line;
  }
  return longest;
}
