import { createInterface } from "node:readline/promises";
import { setTimeout as pause } from "node:timers/promises";
import { migrateDown, migrateUp, migrationStatus } from "../db/migrate.ts";
import { misuse, type Command, type CommandCall, type Option } from "./command.ts";
import { databaseOf, databaseOperand, databaseOptions } from "./database-operand.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import type { Columns } from "./output/table.ts";
import { wholeNumber } from "./values.ts";

const yes: Option = { name: "yes", short: "y", summary: "Skips the confirmation." };

const up: Command = {
  name: "migrate sql up",
  aliases: ["migrate sql"],
  operands: [databaseOperand],
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

const down: Command = {
  name: "migrate sql down",
  operands: [databaseOperand],
  summary: "Rolls back migrations and deletes the data in the tables they created.",
  options: [
    ...databaseOptions,
    yes,
    {
      name: "steps",
      value: "number",
      summary: "How many migrations to roll back. Required.",
      read: wholeNumber(1),
    },
  ],
  async run(call) {
    const { steps } = call.flags as { readonly steps?: number };
    if (steps === undefined) throw misuse("needs --steps: how many migrations to roll back.");
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

const status: Command = {
  name: "migrate sql status",
  operands: [databaseOperand],
  summary: "Shows which migrations have been applied.",
  options: [
    ...databaseOptions,
    ...formatOptions,
    { name: "block", summary: "Waits until all migrations have been applied." },
  ],
  async run(call) {
    const dsn = databaseOf(call);
    const print = await printerFor(call);
    const columns: Columns<{ version: string; applied: boolean }> = {
      VERSION: ({ version }) => version,
      STATUS: ({ applied }) => (applied ? "applied" : "pending"),
    };
    for (;;) {
      const all = (await migrationStatus(dsn)).map(({ version, applied }) => ({ version, applied: Boolean(applied) }));
      const pending = all.filter(({ applied }) => !applied);
      if (pending.length === 0 || !call.flags.block) {
        await print.rows(columns, all);
        return 0;
      }
      call.err(`Waiting for pending migrations: ${pending.map(({ version }) => version).join(", ")}.`);
      await pause(1_000);
    }
  },
};

/** `ostiary migrate ...` */
export const migrateCommands: readonly Command[] = [up, down, status];

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
