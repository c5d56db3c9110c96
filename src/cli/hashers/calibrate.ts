import { availableParallelism } from "node:os";
import type { Command, CommandCall } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOptions } from "../output/format.ts";
import { printerFor } from "../output/print.ts";
import { wholeNumber } from "../values.ts";
import {
  loadColumns,
  loadOptions,
  medianOf,
  perMinuteOf,
  rateOperand,
  tryLoad,
  type Load,
  type LoadResult,
} from "./load.ts";
import {
  type Argon2Settings,
  constantOptions,
  memorySize,
  msOf,
  settingColumns,
  settingsOf,
  sizeOf,
  timeHash,
  written,
} from "./settings.ts";

const mebi = 1024 * 1024;
const usualStep = 512 * mebi;
const mostRounds = 5;

/** `ostiary hashers argon2 calibrate` */
export const calibrateCommand: Command = {
  name: "hashers argon2 calibrate",
  operands: [rateOperand],
  summary: "Finds out how much memory and how many iterations hashes can cost on this machine.",
  details: [
    "It looks for the most memory, then the most iterations, with which a hash takes no longer than --min-duration, and tries them out on so many people who sign in. Run it where the server will run.",
    "With --format yaml it prints what belongs to hashers.argon2 of a configuration. Exits with 1 if nothing does.",
  ],
  options: [
    {
      name: "start-memory",
      short: "m",
      value: "size",
      summary: "Memory to begin with. Default: as configured.",
      read: memorySize,
    },
    {
      name: "max-memory",
      value: "size",
      summary: "The most memory for a hash. Default: its share of --dedicated-memory.",
      read: memorySize,
    },
    {
      name: "adjust-memory-by",
      value: "size",
      summary: "How much memory is added at a time. Default: 512MB.",
      read: memorySize,
    },
    {
      name: "start-iterations",
      short: "i",
      value: "count",
      summary: "Iterations to begin with. Default: 1.",
      read: wholeNumber(1),
    },
    {
      name: "max-concurrent",
      value: "count",
      summary: "How many are hashed at a time. Default: one for each core.",
      read: wholeNumber(1, 255),
    },
    {
      name: "probe-runs",
      short: "r",
      value: "count",
      summary: "How often each cost is tried. Default: 2.",
      read: wholeNumber(1, 1000),
    },
    ...loadOptions,
    ...constantOptions,
    ...formatOptions,
  ],
  examples: ["ostiary hashers argon2 calibrate 60 --dedicated-memory 512MB --format yaml"],
  async run(call) {
    const print = await printerFor(call);
    const load = { ...perMinuteOf(call), atOnce: Number(call.flags["max-concurrent"] ?? availableParallelism()) };
    const search = searchOf(call, load);
    const found = await withinLoad(await affordable(search), load, search);
    if (!found) {
      call.err(
        "No costs were found with which so many sign in as fast as they should: measure them by hashers argon2 loadtest.",
      );
      return exitCodes.failed;
    }
    await print.row(settingColumns, found, written(found));
    return exitCodes.done;
  },
};

interface Search {
  readonly start: Argon2Settings;
  readonly step: number;
  readonly most: number;
  readonly runs: number;
  say(line: string): void;
}

function searchOf(call: CommandCall, { atOnce }: Load): Search {
  const { flags } = call;
  const settings = settingsOf(call);
  const most = Number(flags["max-memory"] ?? Math.max(mebi, Math.floor(settings.dedicated_memory / atOnce)));
  const memory = Math.min(most, Number(flags["start-memory"] ?? settings.memory));
  return {
    start: { ...settings, memory, iterations: Number(flags["start-iterations"] ?? 1) },
    step: Number(flags["adjust-memory-by"] ?? usualStep),
    most,
    runs: Number(flags["probe-runs"] ?? 2),
    say: (line) => void (flags["quiet"] || call.err(line)),
  };
}

/** The costs of a hash that takes no longer than it should when nobody else is there: memory first, since that costs whoever guesses most. */
async function affordable(search: Search): Promise<Argon2Settings> {
  const { start, most, say } = search;
  const takes = async (settings: Argon2Settings): Promise<boolean> => {
    const ms = await probe(settings, search);
    say(`  ${sizeOf(settings.memory)}, ${settings.iterations} iterations: ${msOf(ms)}`);
    return ms <= start.expected_duration;
  };
  say(`Looking for memory with which a hash takes up to ${msOf(start.expected_duration)}:`);
  let fits = start.memory;
  let step = search.step;
  // What is too much already is halved until it fits.
  while (!(await takes({ ...start, memory: fits })) && fits > mebi) fits = Math.max(mebi, Math.floor(fits / 2));
  for (; step >= mebi / 2; step = Math.floor(step / 2))
    while (fits + step <= most && (await takes({ ...start, memory: fits + step }))) fits += step;
  const settled = { ...start, memory: fits - (fits % 1024) };
  say("Looking for iterations:");
  let { iterations } = settled;
  while (await takes({ ...settled, iterations: iterations + 1 })) iterations++;
  return { ...settled, iterations };
}

async function probe(settings: Argon2Settings, { runs }: Search): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push((await timeHash(settings)).ms);
  return medianOf(times.toSorted((one, other) => one - other));
}

/** The same, or less, with which all who sign in get their turn in time. */
async function withinLoad(found: Argon2Settings, load: Load, { say }: Search): Promise<Argon2Settings | undefined> {
  let settings = found;
  for (let round = 0; round < mostRounds; round++) {
    say(
      `Trying ${sizeOf(settings.memory)} and ${settings.iterations} iterations on ${load.perMinute} sign-ins a minute:`,
    );
    const result = await tryLoad(settings, load);
    for (const [head, cell] of Object.entries(loadColumns)) say(`  ${head}: ${String(cell(result))}`);
    const less = cheaper(settings, result);
    if (!less) return settings;
    settings = less;
  }
  return undefined;
}

/** What costs less, where this takes too long or too much; undefined where it does not. */
function cheaper(settings: Argon2Settings, { most, memory }: LoadResult): Argon2Settings | undefined {
  if (memory > settings.dedicated_memory) return { ...settings, memory: lessOf(settings.memory) };
  if (most <= settings.expected_duration + settings.expected_deviation) return undefined;
  return settings.iterations > 1
    ? { ...settings, iterations: settings.iterations - 1 }
    : { ...settings, memory: lessOf(settings.memory) };
}

const lessOf = (memory: number): number => Math.max(mebi, Math.floor((memory * 3) / 4 / 1024) * 1024);
