import type { ParseArgsOptionsConfig } from "node:util";

/**
 * A command of the command line. What it answers is the exit code; flags come as they were typed.
 *
 * @example
 * export const versionCommand: Command = {
 *   name: "version",
 *   summary: "Shows the version.",
 *   options: [formatOption],
 *   async run(call) {
 *     call.out(printsJson(call) ? JSON.stringify({ version }) : version);
 *     return 0;
 *   },
 * };
 */
export interface Command {
  /** The words that call it: `migrate sql up`. */
  readonly name: string;
  /** What may follow the name, for the help. */
  readonly operands?: string;
  readonly summary: string;
  readonly options: readonly Option[];
  run(call: CommandCall): Promise<number>;
}

/** A flag of a command. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  readonly type: "boolean" | "string";
  readonly multiple?: boolean;
  readonly summary: string;
}

/** How a command was called. */
export interface CommandCall {
  readonly operands: readonly string[];
  /** A flag that was not given is not there. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
  out(line: string): void;
  err(line: string): void;
}

/** The flags in the form that node:util reads. */
export const parserOptions = (options: readonly Option[]): ParseArgsOptionsConfig =>
  Object.fromEntries(
    options.map(({ name, short, type, multiple = false }) => [name, { type, multiple, ...(short && { short }) }]),
  );
