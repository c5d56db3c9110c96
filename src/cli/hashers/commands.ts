import { availableParallelism } from "node:os";
import type { Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOptions } from "../output/format.ts";
import { printerFor } from "../output/print.ts";
import type { Columns } from "../output/table.ts";
import { calibrateCommand } from "./calibrate.ts";
import { loadColumns, loadData, loadOptions, perMinuteOf, rateOperand, tryLoad } from "./load.ts";
import { type Hashed, msOf, settingColumns, settingOptions, settingsOf, timeHash } from "./settings.ts";

type NumberedHash = Hashed & { readonly password: number };

const hashColumns: Columns<NumberedHash> = {
  HASH: ({ hash }) => hash,
  PASSWORD: ({ password }) => password,
  DURATION: ({ ms }) => msOf(ms),
};

const hash: Command = {
  name: "hashers argon2 hash",
  operands: [{ name: "<password...>", summary: "What to hash. Others on this machine can see what is typed." }],
  summary: "Hashes passwords as a configuration says, and tells how long each of them takes.",
  options: [{ name: "parallel", summary: "Hashes all of them at the same time." }, ...settingOptions, ...formatOptions],
  examples: ["ostiary hashers argon2 hash swordfish --memory 19MB --iterations 2"],
  async run(call) {
    const print = await printerFor(call);
    const settings = settingsOf(call);
    const began = performance.now();
    const one = async (typed: string, password: number): Promise<NumberedHash> => ({
      password,
      ...(await timeHash(settings, typed)),
    });
    const hashed: NumberedHash[] = [];
    if (call.flags["parallel"]) hashed.push(...(await Promise.all(call.operands.map(one))));
    else for (const [number, typed] of call.operands.entries()) hashed.push(await one(typed, number));
    await print.rows(hashColumns, hashed);
    const slow = hashed.filter(({ ms }) => ms > settings.expected_duration + settings.expected_deviation).length;
    call.err(`Total: ${msOf(performance.now() - began)}${slow > 0 ? `; ${slow} took longer than they should` : ""}`);
    return exitCodes.done;
  },
};

const loadTest: Command = {
  name: "hashers argon2 loadtest",
  aliases: ["hashers argon2 load-test"],
  operands: [rateOperand],
  summary: "Hashes passwords as if so many people signed in each minute, and tells how long that takes.",
  details: ["Exits with 1 where it takes longer, or more memory, than it should."],
  options: [...loadOptions, ...settingOptions, ...formatOptions],
  examples: ["ostiary hashers argon2 loadtest 120 --memory 64MB --dedicated-memory 1GB"],
  async run(call) {
    const print = await printerFor(call);
    const settings = settingsOf(call);
    const load = { ...perMinuteOf(call), atOnce: availableParallelism() };
    if (!call.flags["quiet"])
      for (const [head, cell] of Object.entries(settingColumns)) call.err(`${head}: ${String(cell(settings))}`);
    const result = await tryLoad(settings, load);
    await print.row(loadColumns, result, loadData(result));
    const faults = [
      ...(result.most > settings.expected_duration + settings.expected_deviation
        ? ["The longest took longer than it should: have hashes cost less, or more cores."]
        : []),
      ...(result.memory > settings.dedicated_memory ? ["They took more memory than there is for them."] : []),
    ];
    for (const fault of faults) call.err(fault);
    return faults.length > 0 ? exitCodes.failed : exitCodes.done;
  },
};

/** `ostiary hashers ...` */
export const hasherCommands: readonly Command[] = [calibrateCommand, hash, loadTest];
