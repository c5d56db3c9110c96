/** How long calls of a method took since the server began. */
export interface Latency {
  readonly method: string;
  readonly calls: number;
  /** Seconds within which 99 of 100 were answered; the bound of a bucket, or Infinity beyond the last. */
  readonly p99: number;
}

const sample = /^ostiary_call_duration_seconds_bucket\{([^}]*)\} (\S+)/gm;

/** Reads latencies from the server's metrics, the most called methods first. */
export function latenciesIn(text: string): readonly Latency[] {
  const buckets = new Map<string, Map<number, number>>();
  for (const [, labels, value] of text.matchAll(sample)) {
    const label = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(labels!)?.[1] ?? "";
    const bound = label("le") === "+Inf" ? Infinity : Number(label("le"));
    const own = buckets.get(label("method")) ?? new Map<number, number>();
    buckets.set(label("method"), own.set(bound, (own.get(bound) ?? 0) + Number(value)));
  }
  return [...buckets].map(([method, own]) => latencyOf(method, own)).sort((a, b) => b.calls - a.calls);
}

/** The latency of all methods together. */
export function overall(text: string): Latency {
  const sum = new Map<number, number>();
  for (const [, labels, value] of text.matchAll(sample)) {
    const le = /\ble="([^"]*)"/.exec(labels!)?.[1] ?? "";
    const bound = le === "+Inf" ? Infinity : Number(le);
    sum.set(bound, (sum.get(bound) ?? 0) + Number(value));
  }
  return latencyOf("", sum);
}

function latencyOf(method: string, buckets: ReadonlyMap<number, number>): Latency {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const calls = sorted.at(-1)?.[1] ?? 0;
  const p99 = sorted.find(([, count]) => count >= calls * 0.99)?.[0] ?? 0;
  return { method, calls, p99 };
}

/** Seconds as people read them. */
export const spanOf = (seconds: number): string =>
  seconds === Infinity ? "> 5 s" : seconds >= 1 ? `≤ ${seconds} s` : `≤ ${seconds * 1000} ms`;
