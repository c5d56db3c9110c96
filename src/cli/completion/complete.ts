import { aboutOption, spellings, type Command, type Option } from "../command.ts";
import { entries } from "../commands.ts";
import { inOrder, truthsOf } from "../word-order.ts";

/** What may be typed next. */
export interface Completions {
  readonly candidates: readonly Candidate[];
  /** Whether it may be a file, too. */
  readonly files: boolean;
}

/** Something that may be typed, and what it is. */
export interface Candidate {
  readonly text: string;
  readonly about: string;
}

const none: Completions = { candidates: [], files: false };

/** What may stand in the place of the last of some words, which has been begun to be typed. */
export async function completionsOf(typed: readonly string[]): Promise<Completions> {
  const words = joined(typed);
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const [named] = inOrder(before, entries.flatMap(spellings), truthsOf([])).path;
  const entry = entries.find((one) => spellings(one).includes(named!));
  if (!entry) {
    const all = entries.map(({ name, summary }) => ({ text: name, about: summary }));
    return only(current, current.startsWith("-") ? [{ text: "--help", about: "Shows the commands." }] : all);
  }
  const commands = await entry.load();
  const called = before.with(before.indexOf(named!), entry.name);
  const { path, rest } = inOrder(called, [entry.name, ...commands.flatMap(spellings)], truthsOf(commands));
  const name = path.join(" ");
  const command = commands.find((one) => spellings(one).includes(name));
  // Of a group each command may be meant.
  const options = (command ? [command] : commands.filter((one) => isBelow(one, name))).flatMap((one) => one.options);
  const given = operandsIn(rest, options);
  if (!given) return valuesOf(optionOf(options, rest.at(-1))!, current, "");
  const below = given.length === 0 ? nextWords(commands, name, command) : [];
  const own = command ? completionsIn(command, { rest, given: given.length }, current) : none;
  return { candidates: [...only(current, below).candidates, ...own.candidates], files: own.files };
}

/** What of some words is no flag, nor the value of one; undefined where the last of them waits for its value. */
function operandsIn(words: readonly string[], options: readonly Option[]): string[] | undefined {
  const given: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith("-")) given.push(word);
    else if (optionOf(options, word)?.value && ++at === words.length) return undefined;
  }
  return given;
}

/** Shells may take `--format=json` for three words. */
function joined(words: readonly string[]): string[] {
  const whole: string[] = [];
  for (const [at, word] of words.entries())
    if (word === "=" && whole.at(-1)?.startsWith("--")) whole.push(`${whole.pop()!}=`);
    else if (words[at - 1] === "=" && /^--[^=]+=$/.test(whole.at(-1) ?? "")) whole.push(`${whole.pop()!}${word}`);
    else whole.push(word);
  return whole;
}

const only = (current: string, all: readonly Candidate[]): Completions => ({
  candidates: all.filter(({ text }) => text.startsWith(current)),
  files: false,
});

const isBelow = (command: Command, path: string): boolean =>
  spellings(command).some((name) => name.startsWith(`${path} `));

function nextWords(commands: readonly Command[], path: string, known: Command | undefined): Candidate[] {
  const found = new Map<string, string>();
  for (const command of commands.filter((one) => one !== known))
    for (const name of spellings(command).filter((one) => one.startsWith(`${path} `))) {
      const [word, ...more] = name.slice(path.length + 1).split(" ");
      if (!found.has(word!)) found.set(word!, more.length > 0 ? "" : command.summary);
    }
  return [...found].map(([text, about]) => ({ text, about }));
}

/** What has been typed behind the words of a command. */
interface Typed {
  readonly rest: readonly string[];
  /** How many of it are operands. */
  readonly given: number;
}

function completionsIn(command: Command, { rest, given }: Typed, current: string): Completions {
  const [, name = "", value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (value !== undefined) {
    const option = optionOf(command.options, name);
    return option ? valuesOf(option, value, `${name}=`) : none;
  }
  if (current.startsWith("-")) return only(current, optionsOf(command, rest));
  const { operands = [] } = command;
  const last = operands.at(-1);
  const operand = operands[given] ?? (last?.name.includes("...") ? last : undefined);
  if (!operand) return none;
  if (!operand.choices) return { candidates: [], files: namesFile(operand.name) };
  return only(
    current,
    operand.choices.map((text) => ({ text, about: "" })),
  );
}

const optionOf = (options: readonly Option[], word = ""): Option | undefined =>
  options.find(({ name, short, aliases = [] }) =>
    [`--${name}`, ...(short ? [`-${short}`] : []), ...aliases.map((alias) => `--${alias}`)].includes(word),
  );

function valuesOf(option: Option, current: string, prefix: string): Completions {
  const choices = option.choices ?? option.suggestions;
  if (!choices) return { candidates: [], files: namesFile(option.value) };
  const fitting = choices.filter((choice) => choice.startsWith(current));
  return { candidates: fitting.map((choice) => ({ text: prefix + choice, about: "" })), files: false };
}

const namesFile = (name = ""): boolean => /file|folder/.test(name);

/** The flags that have not been given yet, or may be given again. */
const optionsOf = ({ options }: Command, rest: readonly string[]): Candidate[] => [
  ...options
    .filter(({ name, multiple }) => multiple || !rest.some((word) => word.split("=")[0] === `--${name}`))
    .map((option) => ({ text: `--${option.name}`, about: aboutOption(option) })),
  { text: "--help", about: "Shows this." },
];
