/**
 * How often a property is tried: the same few times each time, so that a suite is fast and says the same twice.
 * OSTIARY_PROPERTY_RUNS asks for as many other tries.
 */
export function random(runs: number): { numRuns: number; seed?: number } {
  const asked = process.env.OSTIARY_PROPERTY_RUNS;
  return asked ? { numRuns: Number(asked) } : { numRuns: runs, seed: 7 };
}
