import { parseArgs } from "node:util";
import { readBoolean } from "../text/boolean.ts";
import { errorMessage } from "../text/error-message.ts";
import { administratorCommands } from "./administrators.ts";
import { apiKeyCommands } from "./api-keys.ts";
import { cleanupCommand } from "./cleanup.ts";
import { courierWatchCommand } from "./courier-watch.ts";
import { parserOptions, type Command, type CommandCall } from "./command.ts";
import { doctorCommand } from "./doctor.ts";
import { explainLoginCommand } from "./explain-login.ts";
import { commandHelp, overview } from "./help.ts";
import { initCommand } from "./init.ts";
import { mapperTryCommand } from "./mapper-try.ts";
import { migrateDownCommand, migrateStatusCommand, migrateUpCommand } from "./migrate.ts";
import { seedCommand } from "./seed.ts";
import { serveCommand } from "./serve.ts";
import { providerCommands } from "./providers.ts";
import { tenantCommands } from "./tenants.ts";
import { versionCommand } from "./version.ts";

const commands: readonly Command[] = [
  initCommand,
  serveCommand,
  courierWatchCommand,
  migrateUpCommand,
  migrateDownCommand,
  migrateStatusCommand,
  cleanupCommand,
  ...tenantCommands,
  ...providerCommands,
  ...administratorCommands,
  ...apiKeyCommands,
  mapperTryCommand,
  explainLoginCommand,
  doctorCommand,
  seedCommand,
  versionCommand,
];

/** Other spellings, and what they stand for. */
const aliases: Readonly<Record<string, string>> = {
  "serve all": "serve",
  "migrate sql": "migrate sql up",
  "--version": "version",
};

type Surroundings = Pick<CommandCall, "environment" | "out" | "err">;

const terminal: Surroundings = {
  environment: process.env,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

/** Runs a command line and answers with the exit code. */
export async function runCommand(words: readonly string[], surroundings: Surroundings = terminal): Promise<number> {
  const { out, err } = surroundings;
  const asked = words[0] === "help" ? [...words.slice(1), "--help"] : words;
  const wantsHelp = asked.some((word) => word === "--help" || word === "-h");
  const found = findCommand(asked);
  if (!found) return answerWithout(asked, wantsHelp, surroundings);
  const { command, rest } = found;
  if (wantsHelp) {
    out(commandHelp(command));
    return 0;
  }
  try {
    const { values, positionals } = parseArgs({
      args: spelledOut(rest, command),
      options: parserOptions(command.options),
      allowPositionals: command.operands !== undefined,
      allowNegative: true,
    });
    return await command.run({ ...surroundings, operands: positionals, flags: values });
  } catch (error) {
    if (isMisuse(error)) err(`${error.message.split(/\.(?:\s|$)/)[0]}.\nSee: ostiary ${command.name} --help`);
    else err(`ostiary ${command.name}: ${errorMessage(error)}`);
    return 1;
  }
}

/** `--dev=true` is `--dev`, and `--dev=false` is `--no-dev`: as flags of Kratos are written. */
function spelledOut(words: readonly string[], { options }: Command): string[] {
  const flags = new Set(options.filter(({ type }) => type === "boolean").map(({ name }) => `--${name}`));
  return words.flatMap((word) => {
    const at = word.indexOf("=");
    const said = at > 0 && flags.has(word.slice(0, at)) ? readBoolean(word.slice(at + 1)) : undefined;
    return said === undefined ? [word] : [said ? word.slice(0, at) : `--no-${word.slice(2, at)}`];
  });
}

/** The command with the longest name that the words begin with. */
function findCommand(words: readonly string[]): { command: Command; rest: readonly string[] } | undefined {
  for (let length = Math.min(3, words.length); length > 0; length--) {
    const name = words.slice(0, length).join(" ");
    const command = commands.find((candidate) => candidate.name === (aliases[name] ?? name));
    if (command) return { command, rest: words.slice(length) };
  }
  return undefined;
}

function answerWithout(words: readonly string[], wantsHelp: boolean, { out, err }: Surroundings): number {
  const named = words.filter((word) => !word.startsWith("-"));
  const group = commands.filter(({ name }) => name.startsWith(`${named.join(" ")} `));
  if (named.length === 0 && !wantsHelp && words.length > 0) {
    err(`Unknown flag ${words[0]}.\nSee: ostiary --help`);
    return 1;
  }
  if (named.length === 0 || group.length > 0) {
    out(overview(named.length ? group : commands));
    return 0;
  }
  const near = commands.find(({ name }) => name.startsWith(named[0]!.slice(0, 3)));
  err(`Unknown command "${named.join(" ")}".${near ? ` Did you mean "${near.name}"?` : ""}\nSee: ostiary --help`);
  return 1;
}

const isMisuse = (error: unknown): error is Error =>
  error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
