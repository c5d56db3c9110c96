import type { Readable } from "node:stream";

/**
 * A command of the command line. What it answers is the exit code.
 *
 * @example
 * export const versionCommand: Command = {
 *   name: "version",
 *   summary: "Shows the version.",
 *   options: formatOptions,
 *   async run(call) {
 *     await printRow(call, { VERSION: ({ version }) => version }, { version: serverVersion() });
 *     return 0;
 *   },
 * };
 */
export interface Command {
  /** The words that call it: `migrate sql up`. */
  readonly name: string;
  /** Other words that call it, such as Kratos' own: `list identities`. */
  readonly aliases?: readonly string[];
  readonly operands?: readonly Operand[];
  /** One sentence, or two. */
  readonly summary: string;
  /** What else there is to know, in paragraphs. */
  readonly details?: readonly string[];
  /** Command lines as somebody would type them. */
  readonly examples?: readonly string[];
  readonly options: readonly Option[];
  run(call: CommandCall): Promise<number>;
}

/** What follows the words that call a command. */
export interface Operand {
  /** `<id>` where there has to be one, `[folder]` where there may be, `[file...]` where there may be several. */
  readonly name: string;
  readonly summary: string;
  /** All that it can be. */
  readonly choices?: readonly string[];
}

/** A flag of a command. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  /** Other names, such as Kratos' own. */
  readonly aliases?: readonly string[];
  /** What its value is, for the help: `file`. A flag without one is a truth value. */
  readonly value?: string;
  /** Whether it may be given several times; its values are an array then. */
  readonly multiple?: boolean;
  readonly summary: string;
  /** All that its value can be. */
  readonly choices?: readonly string[];
  /** What its value may be, for shells that complete it. */
  readonly suggestions?: readonly string[];
  /** Makes the value that the command is given of the one that was typed. Throws in a sentence: `must be a number.` */
  read?(typed: string): unknown;
}

/** What a flag is, for whoever reads its help. */
export const aboutOption = ({ summary, multiple }: Option): string =>
  multiple ? `${summary} Can be repeated.` : summary;

/** A terminal. */
export interface Screen {
  readonly columns: number;
  write(text: string): void;
}

/** How a command was called. */
export interface CommandCall {
  readonly operands: readonly string[];
  /** A flag that was not given is not there. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
  /** The standard input. */
  input(): Readable;
  /** The terminal of whoever watches; undefined where nobody does. */
  readonly screen?: Screen | undefined;
  /** Calls back when somebody wishes that it ends; a second wish ends it at once. Answers how to stop listening. */
  interrupted(listener: () => void): () => void;
  out(line: string): void;
  err(line: string): void;
}

/** All words that call a command, or name a group of them. */
export const spellings = ({ name, aliases = [] }: Pick<Command, "name" | "aliases">): readonly string[] => [
  name,
  ...aliases,
];

// A release has this module twice, for servers and for all other commands.
const isMisused = Symbol.for("ostiary.misuse");

/** An error for a command line that cannot be understood, which a program ends with by another code than by work that has failed. */
export const misuse = (sentence: string): Error => Object.assign(new Error(sentence), { [isMisused]: true });

/** Whether an error tells of a command line that cannot be understood. */
export const isMisuse = (error: unknown): boolean => error instanceof Error && isMisused in error;
