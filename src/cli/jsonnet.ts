import { globSync, readFileSync, writeFileSync } from "node:fs";
import { format, JsonnetError, lint } from "#jsonnet";
import { misuse, type Command, type CommandCall, type Operand } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";

const operands: readonly Operand[] = [
  { name: "<file...>", summary: "Files, or patterns of them, such as 'mappers/**/*.jsonnet'." },
];

const formatCommand: Command = {
  name: "jsonnet format",
  aliases: ["format jsonnet"],
  operands,
  summary: "Formats Jsonnet: blanks, indentation, quotes and commas. Lines stay, and so does what a program does.",
  options: [
    { name: "write", short: "w", summary: "Writes the files in place of printing them." },
    { name: "check", summary: "Names the files that would change, and exits with 1 if there are any." },
  ],
  examples: ["ostiary jsonnet format --write 'mappers/*.jsonnet'", "ostiary jsonnet format --check claims.jsonnet"],
  async run(call) {
    const { write, check } = call.flags;
    if (write && check) throw misuse("takes either --write or --check.");
    let code: number = exitCodes.done;
    for (const file of filesOf(call)) {
      const before = contentOf(file);
      const after = formatted(file, before);
      if (check && after !== before) {
        call.out(file);
        code = exitCodes.failed;
      } else if (write && after !== before) writeFileSync(file, after);
      else if (!write && !check) call.out(after.replace(/\n$/, ""));
    }
    return code;
  },
};

const lintCommand: Command = {
  name: "jsonnet lint",
  aliases: ["lint jsonnet", "lint lint"],
  operands,
  summary: "Looks for what is wrong with Jsonnet that nobody has run. Exits with 1 if it finds something.",
  details: [
    "It finds programs that cannot be read, names that stand for nothing, locals that nobody uses, members that std has not, and calls with what a function does not take.",
  ],
  options: [],
  examples: ["ostiary jsonnet lint 'mappers/**/*.jsonnet'"],
  async run(call) {
    let code: number = exitCodes.done;
    for (const file of filesOf(call))
      for (const { place, message } of lint(contentOf(file))) {
        call.err(`${[file, ...(place ? [place.line, place.column] : [])].join(":")}: ${message}`);
        code = exitCodes.failed;
      }
    return code;
  },
};

/** `ostiary jsonnet ...` */
export const jsonnetCommands: readonly Command[] = [lintCommand, formatCommand];

/** The files that are named, and those that patterns fit. */
function filesOf({ operands: patterns }: CommandCall): string[] {
  const files = patterns.flatMap((pattern) => {
    if (!/[*?[{]/.test(pattern)) return [pattern];
    const found = globSync(pattern).toSorted();
    if (found.length === 0) throw new Error(`no file fits ${pattern}.`);
    return found;
  });
  return [...new Set(files)];
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read`, { cause });
  }
}

function formatted(file: string, source: string): string {
  try {
    return format(source);
  } catch (error) {
    if (!(error instanceof JsonnetError)) throw error;
    throw new Error(`${file}:${error.message}`, { cause: error.cause });
  }
}
