import { cpuMs } from "./processes.ts";

/** What a load came to. */
export interface Figures {
  readonly perSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Time on a core that the measured process took for one operation, in milliseconds. */
  readonly cpuMs: number;
  /** The share of a core that the measured process had: where it is far below one, something else was in the way. */
  readonly busy: number;
}

/** How long operations took, in milliseconds, and how long all of them together. */
export interface Timing {
  readonly latencies: number[];
  readonly elapsedMs: number;
}

/** Measures a load on a process. */
export async function measure(pid: number, work: () => Promise<Timing>): Promise<Figures> {
  const before = cpuMs(pid);
  const { latencies, elapsedMs } = await work();
  const cpu = cpuMs(pid) - before;
  const count = latencies.length;
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  return { perSecond: count / (elapsedMs / 1000), p50, p99, cpuMs: cpu / count, busy: cpu / elapsedMs };
}

/** What a share of some numbers stays below. */
export const percentile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;

/** The middle one of some numbers. */
export const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

/** Prints figures, each beside those of what it is compared with: by rate, and by time on a core. */
export function tell(
  name: string,
  { perSecond, p50, p99, cpuMs: cpu, busy }: Figures,
  than?: { readonly name: string; readonly figures: Figures },
): void {
  const ratio =
    than &&
    `${(perSecond / than.figures.perSecond).toFixed(3)} of ${than.name} (by CPU ${(than.figures.cpuMs / cpu).toFixed(3)})`;
  const rate = `${perSecond.toFixed(0).padStart(6)}/s  p50 ${p50.toFixed(1).padStart(5)} ms  p99 ${p99.toFixed(1).padStart(5)} ms`;
  const cost = `CPU ${(cpu * 1000).toFixed(0).padStart(6)} us  busy ${(busy * 100).toFixed(0).padStart(3)} %`;
  console.log(`${name.padEnd(30)} ${rate}  ${cost}  ${ratio ?? ""}`);
}
