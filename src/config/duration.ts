const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** The longest duration that Go, and so Kratos, knows: some 292 years. */
export const longestMs = 2_562_047 * 3_600_000;

/** Milliseconds of a duration such as `1h30m`; undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:ns|us|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ns|us|ms|s|m|h)/g)) total += Number(amount) * units[unit!]!;
  return total;
}
