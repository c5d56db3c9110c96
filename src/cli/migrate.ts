import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";
import { migrateDown, migrateUp, migrationStatus } from "../db/migrate.ts";
import type { Command, CommandCall, Option } from "./command.ts";
import { databaseOf, databaseOptions } from "./database-operand.ts";
import { formatOption, printsJson } from "./format.ts";

const yes: Option = { name: "yes", short: "y", type: "boolean", summary: "Skips the confirmation." };

/** `ostiary migrate sql up` */
export const migrateUpCommand: Command = {
  name: "migrate sql up",
  operands: "[database]",
  summary: "Applies pending migrations.",
  options: [...databaseOptions, yes],
  async run(call) {
    const dsn = databaseOf(call);
    const pending = (await migrationStatus(dsn)).filter(({ applied }) => !applied);
    if (pending.length === 0) {
      call.out("The schema is up to date.");
      return 0;
    }
    call.out(["Pending migrations:", ...pending.map(({ version }) => `  ${version}`)].join("\n"));
    if (!(await agreed(call))) return 1;
    for (const version of await migrateUp(dsn)) call.out(`Applied ${version}`);
    return 0;
  },
};

/** `ostiary migrate sql down` */
export const migrateDownCommand: Command = {
  name: "migrate sql down",
  operands: "[database]",
  summary: "Rolls back migrations and deletes the data in the tables they created.",
  options: [
    ...databaseOptions,
    yes,
    { name: "steps", type: "string", summary: "How many migrations to roll back. Required." },
  ],
  async run(call) {
    const steps = Number(call.flags.steps);
    if (!Number.isSafeInteger(steps) || steps < 1) {
      call.err("--steps must be a whole number of migrations to roll back, at least 1.");
      return 1;
    }
    const dsn = databaseOf(call);
    const last = (await migrationStatus(dsn)).filter(({ applied }) => applied).slice(-steps);
    if (last.length === 0) {
      call.out("There are no migrations to roll back.");
      return 0;
    }
    call.out(
      ["Migrations to roll back, including their data:", ...last.map(({ version }) => `  ${version}`)].join("\n"),
    );
    if (!(await agreed(call))) return 1;
    for (const version of await migrateDown(dsn, steps)) call.out(`Rolled back ${version}`);
    return 0;
  },
};

/** `ostiary migrate sql status` */
export const migrateStatusCommand: Command = {
  name: "migrate sql status",
  operands: "[database]",
  summary: "Shows which migrations have been applied.",
  options: [
    ...databaseOptions,
    formatOption,
    { name: "block", type: "boolean", summary: "Waits until all migrations have been applied." },
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
      call.err("Waiting for pending migrations.");
      await pause(1_000);
    }
  },
};

async function agreed({ flags, err }: CommandCall): Promise<boolean> {
  if (flags.yes) return true;
  if (!process.stdin.isTTY) {
    err("Cannot ask for confirmation. Use --yes to continue.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("Go ahead? [y/N] ");
  terminal.close();
  return /^y(?:es)?$/i.test(answer.trim());
}
