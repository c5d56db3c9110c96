import type { Command } from "./command.ts";

/** A command line, taken apart: the words that name a command, and all others. */
export interface Ordered {
  readonly path: readonly string[];
  readonly rest: readonly string[];
}

/**
 * Finds the words that name a command, or a group of commands, among `names`. Flags may stand before and between them, as Kratos takes
 * them (`-c kratos.yml migrate sql -e`): a flag that is not known to be a truth value takes the next word along.
 */
export function inOrder(words: readonly string[], names: readonly string[], truths: ReadonlySet<string>): Ordered {
  const path: string[] = [];
  const flags: string[] = [];
  let at = 0;
  for (; at < words.length && words[at] !== "--"; at++) {
    const word = words[at]!;
    const longer = [...path, word].join(" ");
    if (names.some((name) => name === longer || name.startsWith(`${longer} `))) path.push(word);
    else if (/^-./.test(word)) {
      flags.push(word);
      if (takesNext(word, truths) && at + 1 < words.length) flags.push(words[++at]!);
    } else break;
  }
  return { path, rest: [...flags, ...words.slice(at)] };
}

const takesNext = (word: string, truths: ReadonlySet<string>): boolean =>
  !truths.has(word) && /^(?:-.|--[^=]+)$/.test(word);

/** The flags of commands that are truth values, as they are written. */
export const truthsOf = (commands: readonly Command[]): ReadonlySet<string> =>
  new Set([
    "-h",
    "--help",
    ...commands
      .flatMap(({ options }) => options)
      .filter(({ value }) => !value)
      .flatMap(({ name, short }) => [`--${name}`, `--no-${name}`, ...(short ? [`-${short}`] : [])]),
  ]);
