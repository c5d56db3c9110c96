/** How many traces were asked for is bounded by the second. */
export function limitPerSecond(most: number, now: () => number = () => performance.now()): () => boolean {
  let left = most;
  let asOf = now();
  return () => {
    const time = now();
    left = Math.min(most, left + ((time - asOf) / 1000) * most);
    asOf = time;
    if (left < 1) return false;
    left--;
    return true;
  };
}
