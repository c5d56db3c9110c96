import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";
import { migrateDown, migrateUp, migrationStatus } from "../db/migrate.ts";
import type { Command, CommandCall, Option } from "./command.ts";
import { databaseOf, databaseOptions } from "./database-operand.ts";
import { formatOption, printsJson } from "./format.ts";

const yes: Option = { name: "yes", short: "y", type: "boolean", summary: "Does not ask." };

/** `ostiary migrate sql up` */
export const migrateUpCommand: Command = {
  name: "migrate sql up",
  operands: "[database]",
  summary: "Brings the database's schema up to date.",
  options: [...databaseOptions, yes],
  async run(call) {
    const dsn = databaseOf(call);
    const pending = (await migrationStatus(dsn)).filter(({ applied }) => !applied);
    if (pending.length === 0) {
      call.out("The schema is up to date.");
      return 0;
    }
    call.out(["To be applied:", ...pending.map(({ version }) => `  ${version}`)].join("\n"));
    if (!(await agreed(call))) return 1;
    for (const version of await migrateUp(dsn)) call.out(`Applied ${version}`);
    return 0;
  },
};

/** `ostiary migrate sql down` */
export const migrateDownCommand: Command = {
  name: "migrate sql down",
  operands: "[database]",
  summary: "Takes back the last changes of the database's schema, and the data in what they had made.",
  options: [...databaseOptions, yes, { name: "steps", type: "string", summary: "How many changes; required." }],
  async run(call) {
    const steps = Number(call.flags.steps);
    if (!Number.isSafeInteger(steps) || steps < 1) {
      call.err("--steps takes a whole number from 1 on: how many changes to take back.");
      return 1;
    }
    const dsn = databaseOf(call);
    const last = (await migrationStatus(dsn)).filter(({ applied }) => applied).slice(-steps);
    if (last.length === 0) {
      call.out("There is nothing to take back.");
      return 0;
    }
    call.out(["To be taken back, with the data:", ...last.map(({ version }) => `  ${version}`)].join("\n"));
    if (!(await agreed(call))) return 1;
    for (const version of await migrateDown(dsn, steps)) call.out(`Took back ${version}`);
    return 0;
  },
};

/** `ostiary migrate sql status` */
export const migrateStatusCommand: Command = {
  name: "migrate sql status",
  operands: "[database]",
  summary: "Shows which changes of the schema the database has.",
  options: [
    ...databaseOptions,
    formatOption,
    { name: "block", type: "boolean", summary: "Waits until it has all of them." },
  ],
  async run(call) {
    const dsn = databaseOf(call);
    const json = printsJson(call);
    for (;;) {
      const status = await migrationStatus(dsn);
      if (json)
        call.out(JSON.stringify(status.map(({ version, applied }) => ({ version, applied: Boolean(applied) }))));
      else for (const { version, applied } of status) call.out(`${applied ? "applied" : "pending"}  ${version}`);
      if (!call.flags.block || status.every(({ applied }) => applied)) return 0;
      call.err("Waiting for the changes that are pending.");
      await pause(1_000);
    }
  },
};

async function agreed({ flags, err }: CommandCall): Promise<boolean> {
  if (flags.yes) return true;
  if (!process.stdin.isTTY) {
    err("Nobody is there to ask. To go ahead all the same, add --yes.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("Go ahead? [y/N] ");
  terminal.close();
  return /^y(?:es)?$/i.test(answer.trim());
}
