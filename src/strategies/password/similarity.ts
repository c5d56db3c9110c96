const closest = 5;
const mostShared = 0.5;
const longest = 256;

/** Whether a password is too close to an identifier: a few edits away, or half of it the same run of letters. */
export function tooSimilar(password: string, identifier: string): boolean {
  if (password.length > longest || identifier.length > longest) return false;
  const [a, b] = [password.toLowerCase(), identifier.toLowerCase()];
  return levenshtein(a, b) < closest || longestCommonRun(a, b) / a.length > mostShared;
}

function levenshtein(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row[j] = Math.min(before[j]! + 1, row[j - 1]! + 1, before[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    before = row;
  }
  return before[b.length]!;
}

function longestCommonRun(a: string, b: string): number {
  let before = new Array<number>(b.length + 1).fill(0);
  let best = 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [0];
    for (let j = 1; j <= b.length; j++) {
      row[j] = a[i - 1] === b[j - 1] ? before[j - 1]! + 1 : 0;
      best = Math.max(best, row[j]!);
    }
    before = row;
  }
  return best;
}
