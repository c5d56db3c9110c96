/** What became of one request. */
export interface Result {
  /** A status of HTTP, or a code of gRPC. */
  readonly verdict: string;
  /** Whether the server failed, rather than refused. */
  readonly failed: boolean;
  readonly ms: number;
  /** The request in one line, to send it again by. */
  readonly told: string;
  /** The beginning of the answer. */
  readonly answer: string;
}

/** Counts what comes back. */
export interface Figures {
  add(result: Result): void;
  readonly failures: readonly Result[];
  lines(): string[];
}

const mostFailures = 50;

/** Begins to count. */
export function figuresOf(name: string): Figures {
  const byVerdict = new Map<string, number>();
  const failures: Result[] = [];
  let slowest: Result | undefined;
  let count = 0;
  return {
    failures,
    add(result) {
      count++;
      byVerdict.set(result.verdict, (byVerdict.get(result.verdict) ?? 0) + 1);
      if (result.failed && failures.length < mostFailures) failures.push(result);
      if (!slowest || result.ms > slowest.ms) slowest = result;
    },
    lines: () => [
      `${name}: ${count}`,
      ...[...byVerdict]
        .sort(([one], [other]) => one.localeCompare(other))
        .map(([verdict, times]) => `  ${verdict}: ${times}`),
      ...(slowest ? [`  slowest: ${Math.round(slowest.ms)} ms, ${slowest.told.slice(0, 200)}`] : []),
    ],
  };
}
