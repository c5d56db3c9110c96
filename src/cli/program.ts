import { Argument, Command as Node, Option as Flag } from "commander";
import { aboutOption, type Command, type Operand, type Option, spellings } from "./command.ts";
import { type Entry, chapters } from "./commands.ts";
import { helpSettings } from "./help.ts";

/** What somebody has asked for. */
export type Chosen = [command: Command, operands: readonly string[], typed: Typed];

/** What a program does with what it understands. */
export interface Doing {
  /** Is not run below the parser, so that a server does not hold it. */
  choose(...chosen: Chosen): void;
  out(text: string): void;
  err(text: string): void;
}

/** The values of flags as they were typed, by the flags' names. */
export type Typed = ReadonlyMap<string, string | boolean | readonly string[]>;

/** The parser for all commands, of which those of one entry are known, and of the others their names. */
export function programOf(
  entries: readonly Entry[],
  known: { readonly entry: Entry; readonly commands: readonly Command[] } | undefined,
  doing: Doing,
): Node {
  const root = new Node("ostiary")
    .description("An identity and user-management server.")
    .configureHelp(helpSettings)
    .configureOutput({ writeOut: doing.out, writeErr: doing.err, outputError: () => undefined })
    .exitOverride()
    // `sql` is a command and a group: what follows `sql status` belongs to `status`.
    .enablePositionalOptions()
    .helpOption("-h, --help", "Shows this.")
    .helpCommand(false)
    .addHelpText("after", "\nFor details about a command: ostiary <command> --help");
  for (const chapter of chapters)
    for (const entry of entries.filter((one) => one.chapter === chapter)) {
      const node = root.command(entry.name).helpCommand(false).summary(entry.summary).helpGroup(`${chapter}:`);
      if (entry === known?.entry) grow(node.description(entry.summary), entry.name, known.commands, doing);
    }
  return root;
}

/** Puts commands below the node that stands for the words which they begin with. */
function grow(node: Node, words: string, commands: readonly Command[], doing: Doing): void {
  const named = commands.find((command) => spellings(command).includes(words));
  const below = commands.filter((command) => spellings(command).some((name) => name.startsWith(`${words} `)));
  if (named) define(node, named, doing);
  for (const word of new Set(below.flatMap((command) => nextWords(command, words)))) {
    const own = `${words} ${word}`;
    const meant = commands.find((command) => spellings(command).includes(own));
    const known = node.command(word, { hidden: meant !== undefined && meant === named }).helpCommand(false);
    grow(meant ? known : known.summary(groupSummary(commands, own)), own, commands, doing);
  }
}

const nextWords = (command: Command, words: string): string[] =>
  spellings(command)
    .filter((name) => name.startsWith(`${words} `))
    .map((name) => name.slice(words.length + 1).split(" ")[0]!);

const groupSummary = (commands: readonly Command[], words: string): string =>
  `${commands
    .filter(({ name }) => name.startsWith(`${words} `))
    .map(({ name }) => name.slice(words.length + 1))
    .join(", ")}.`;

function define(node: Node, command: Command, { choose }: Doing): void {
  node.summary(command.summary).description([command.summary, ...(command.details ?? [])].join("\n\n"));
  for (const operand of command.operands ?? []) node.addArgument(argumentOf(operand));
  for (const option of command.options) addOption(node, option);
  if (command.examples?.length)
    node.addHelpText("after", ["\nExamples:", ...command.examples.map((line) => `  ${line}`)].join("\n"));
  node.action(() => choose(command, node.args, typedOf(node, command.options)));
}

function argumentOf({ name, summary, choices }: Operand): Argument {
  const argument = new Argument(name, summary);
  return choices ? argument.choices(choices) : argument;
}

function addOption(node: Node, option: Option, hidden = false): void {
  const { name, short, value, multiple, choices, aliases = [] } = option;
  const flag = new Flag(`${short ? `-${short}, ` : ""}--${name}${value ? ` <${value}>` : ""}`, aboutOption(option));
  for (const alias of aliases) addOption(node, { ...option, name: alias, short: "", aliases: [] }, true);
  if (choices) flag.choices(choices);
  if (multiple) flag.argParser((typed: string, before: readonly string[] | undefined) => [...(before ?? []), typed]);
  node.addOption(flag.hideHelp(hidden));
  if (!value && !name.startsWith("no-")) node.addOption(new Flag(`--no-${name}`).hideHelp());
}

function typedOf(node: Node, options: readonly Option[]): Typed {
  const values = node.opts();
  return new Map(
    options.flatMap((option): [string, string | boolean | readonly string[]][] => {
      const isNegative = option.name.startsWith("no-");
      const value: unknown = [option.name, ...(option.aliases ?? [])]
        .map((name): unknown => values[new Flag(`--${name}`).attributeName()])
        .find((one) => one !== undefined);
      if (isNegative) return value === false ? [[option.name, true]] : [];
      return value === undefined ? [] : [[option.name, value as string | boolean | readonly string[]]];
    }),
  );
}
