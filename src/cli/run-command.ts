import { CommanderError } from "commander";
import { readBoolean } from "../text/boolean.ts";
import { errorMessage } from "../text/error-message.ts";
import { isMisuse, misuse, spellings, type Command, type CommandCall, type Option } from "./command.ts";
import { entries } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Chosen, programOf, type Typed } from "./program.ts";
import { interrupted } from "./until-stopped.ts";
import { inOrder, truthsOf } from "./word-order.ts";

type Surroundings = Pick<CommandCall, "environment" | "input" | "screen" | "interrupted" | "out" | "err">;

const terminal: Surroundings = {
  environment: process.env,
  input: () => process.stdin,
  screen: process.stderr.isTTY ? process.stderr : undefined,
  interrupted,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

/** Runs a command line and answers with the exit code. */
export async function runCommand(words: readonly string[], surroundings: Surroundings = terminal): Promise<number> {
  if (words[0] === "__complete") return complete(words.slice(1), surroundings);
  const { entry, commands, path, rest } = await understand(words[0] === "help" ? [...words.slice(1), "--help"] : words);
  let chosen: Chosen | undefined;
  let overview = "";
  const program = programOf(entries, entry && { entry, commands }, {
    choose: (...one) => (chosen = one),
    out: (text) => surroundings.out(text.replace(/\n$/, "")),
    err: (text) => (overview += text),
  });
  try {
    program.parse([...path, ...spelledOut(rest, commands)], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Whoever names a group, and no command of it, gets to know what there is.
    if (error.code === "commander.help") surroundings.out(overview.replace(/\n$/, ""));
    else if (error.exitCode !== 0) {
      tellMisuse(sentenceOf(error), path.join(" "), surroundings);
      return exitCodes.misuse;
    }
  }
  return chosen ? runOne(...chosen, surroundings) : exitCodes.done;
}

/** Answers a shell that asks what may be typed next. */
async function complete(words: readonly string[], { out }: Surroundings): Promise<number> {
  const { completionsOf } = await import("./completion/complete.ts");
  const isPlain = words[0] === "--no-descriptions";
  const { candidates, files } = await completionsOf(isPlain ? words.slice(1) : words);
  for (const { text, about } of candidates) out(about && !isPlain ? `${text}\t${about}` : text);
  out(files ? ":files" : ":");
  return exitCodes.done;
}

/** The entry that a command line names, loaded, and the words in the order in which the parser wants them. */
async function understand(words: readonly string[]) {
  const [named] = inOrder(words, entries.flatMap(spellings), truthsOf([])).path;
  const entry = entries.find((one) => spellings(one).includes(named!));
  if (!entry) return { entry, commands: [], path: [], rest: words };
  const commands = await entry.load();
  const names = [entry.name, ...commands.flatMap(spellings)];
  const called = words.with(words.indexOf(named!), entry.name);
  return { entry, commands, ...inOrder(called, names, truthsOf(commands)) };
}

async function runOne(command: Command, operands: readonly string[], typed: Typed, surroundings: Surroundings) {
  try {
    return await command.run({ ...surroundings, operands, flags: flagsOf(command.options, typed) });
  } catch (error) {
    if (!isMisuse(error)) {
      surroundings.err(`ostiary ${command.name}: ${errorMessage(error)}`);
      return exitCodes.failed;
    }
    tellMisuse(errorMessage(error), command.name, surroundings);
    return exitCodes.misuse;
  }
}

function flagsOf(options: readonly Option[], typed: Typed): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  for (const { name, read } of options) {
    const value = typed.get(name);
    if (value === undefined) continue;
    flags[name] = read ? readFlag(name, read, value) : value;
  }
  return flags;
}

function readFlag(
  name: string,
  read: (typed: string) => unknown,
  value: string | boolean | readonly string[],
): unknown {
  try {
    return Array.isArray(value) ? value.map(read) : read(String(value));
  } catch (error) {
    throw misuse(`--${name} ${errorMessage(error)}`);
  }
}

/** `--dev=true` is `--dev`, and `--dev=false` is `--no-dev`: as flags of Kratos are written. */
function spelledOut(words: readonly string[], commands: readonly Command[]): string[] {
  const truths = truthsOf(commands);
  return words.flatMap((word) => {
    const at = word.indexOf("=");
    if (at <= 0 || !truths.has(word.slice(0, at))) return [word];
    const said = readBoolean(word.slice(at + 1));
    if (said === undefined) return [word];
    return [said ? word.slice(0, at) : `--no-${word.slice(2, at)}`];
  });
}

/** What the parser complains of, as a sentence. */
function sentenceOf({ message }: CommanderError): string {
  const [complaint = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const sentence = `${complaint[0]!.toUpperCase()}${complaint.slice(1)}`.replace(/\.?$/, ".");
  return suggestion ? `${sentence} ${suggestion.replace(/^\(|\)$/g, "")}` : sentence;
}

function tellMisuse(sentence: string, path: string, { err }: Surroundings): void {
  err(`ostiary${path ? ` ${path}` : ""}: ${sentence}\nSee: ostiary ${path ? `${path} ` : ""}--help`);
}
