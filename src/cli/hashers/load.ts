import { setTimeout as pause } from "node:timers/promises";
import { createHashQueue } from "../../crypto/hash-queue.ts";
import type { Columns } from "../output/table.ts";
import { misuse, type CommandCall, type Operand, type Option } from "../command.ts";
import { duration, wholeNumber } from "../values.ts";
import { type Argon2Settings, msOf, sizeOf, timeHash } from "./settings.ts";

const usualSampleMs = 20_000;

/** What says how many sign-ins are tried out. */
export const rateOperand: Operand = { name: "<requests-per-minute>", summary: "How many people sign in each minute." };

/** The flags for how they are. */
export const loadOptions: readonly Option[] = [
  {
    name: "sample-time",
    value: "duration",
    summary: "For how long people sign in. Default: 20s.",
    read: duration,
  },
];

/** How many sign-ins are tried out, and for how long. */
export function perMinuteOf({ operands: [typed = ""], flags }: CommandCall): Pick<Load, "perMinute" | "sampleMs"> {
  const sampleMs = (flags["sample-time"] as number | undefined) ?? usualSampleMs;
  try {
    return { perMinute: wholeNumber(1, 1_000_000)(typed), sampleMs };
  } catch (error) {
    throw misuse(`the requests per minute ${(error as Error).message}`);
  }
}

/** Sign-ins to try out. */
export interface Load {
  readonly perMinute: number;
  /** For how long they come, in milliseconds. */
  readonly sampleMs: number;
  /** How many are hashed at a time; the others wait. */
  readonly atOnce: number;
}

/** How long hashes took, waiting for their turn included; times in milliseconds, memory in bytes. */
export interface LoadResult {
  readonly total: number;
  readonly median: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
  readonly memory: number;
}

const watchEveryMs = 20;

/** Hashes passwords as if people signed in at random moments. */
export async function tryLoad(settings: Argon2Settings, { perMinute, sampleMs, atOnce }: Load): Promise<LoadResult> {
  const count = Math.max(1, Math.round((perMinute * sampleMs) / 60_000));
  const queue = createHashQueue({
    workers: atOnce,
    longestWaitMs: Number.MAX_SAFE_INTEGER,
    fewestWaiting: count,
    mostWaiting: count,
  });
  const before = process.memoryUsage.rss();
  let memory = 0;
  const watch = setInterval(() => (memory = Math.max(memory, process.memoryUsage.rss() - before)), watchEveryMs);
  const began = performance.now();
  const times = await Promise.all(
    Array.from({ length: count }, async () => {
      await pause(Math.random() * sampleMs);
      const came = performance.now();
      await queue.run(() => timeHash(settings));
      return performance.now() - came;
    }),
  ).finally(() => clearInterval(watch));
  return { total: performance.now() - began, memory, ...figuresOf(times) };
}

function figuresOf(times: readonly number[]) {
  const sorted = times.toSorted((one, other) => one - other);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length;
  return { median: medianOf(sorted), deviation: Math.sqrt(variance), least: sorted[0]!, most: sorted.at(-1)! };
}

/** The one in the middle of numbers that are in order. */
export const medianOf = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)]!;

/** What a table tells of a load. */
export const loadColumns: Columns<LoadResult> = {
  "TOTAL SAMPLE TIME": ({ total }) => msOf(total),
  "MEDIAN REQUEST TIME": ({ median }) => msOf(median),
  "STANDARD DEVIATION": ({ deviation }) => msOf(deviation),
  "MIN REQUEST TIME": ({ least }) => msOf(least),
  "MAX REQUEST TIME": ({ most }) => msOf(most),
  "MEMORY USED": ({ memory }) => sizeOf(memory),
};

const nanoseconds = (ms: number): number => Math.round(ms * 1e6);

/** The same for programs, as Kratos has it: times in nanoseconds; memory in bytes. */
export const loadData = ({ total, median, deviation, least, most, memory }: LoadResult) => ({
  total_time: nanoseconds(total),
  median_request_time: nanoseconds(median),
  std_deviation: nanoseconds(deviation),
  min_request_time: nanoseconds(least),
  max_request_time: nanoseconds(most),
  mem_used: memory,
});
