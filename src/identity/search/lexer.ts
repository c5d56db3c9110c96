import { FilterRefused } from "./refused.ts";

/** What a filter is made of: words, quoted texts, comparisons and parentheses. */
export interface Token {
  readonly kind: "word" | "text" | "operator" | "parenthesis" | "end";
  /** What is meant: of a quoted text, what stands between the quotes. */
  readonly value: string;
  /** Where it begins, counted from one. */
  readonly at: number;
  /** Whether it stands right behind what comes before. */
  readonly adjoins: boolean;
}

const longestFilter = 2048;

const kinds: readonly (readonly [Token["kind"], RegExp])[] = [
  ["parenthesis", /[()]/y],
  ["operator", /<=|>=|!=|[=<>:]/y],
  ["text", /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/suy],
  ["word", /[\p{L}\p{N}_.*+@/-]+/uy],
];

const space = /\s*/uy;

/** Takes a filter apart. */
export function tokensOf(filter: string): Token[] {
  if (filter.length > longestFilter)
    throw new FilterRefused(1, `the filter is longer than ${longestFilter} characters`);
  const tokens: Token[] = [];
  for (let position = lengthOf(space, filter, 0); position < filter.length;) {
    const [kind, length] = kindAt(filter, position);
    const written = filter.slice(position, position + length);
    const value = kind === "text" ? written.slice(1, -1).replaceAll(/\\(.)/gsu, "$1") : written;
    tokens.push({ kind, value, at: position + 1, adjoins: position > 0 && !/\s/u.test(filter[position - 1]!) });
    position += length;
    position += lengthOf(space, filter, position);
  }
  return [...tokens, { kind: "end", value: "", at: filter.length + 1, adjoins: false }];
}

function kindAt(filter: string, position: number): readonly [Token["kind"], number] {
  for (const [kind, pattern] of kinds) {
    const length = lengthOf(pattern, filter, position);
    if (length > 0) return [kind, length];
  }
  const first = filter[position]!;
  const quote = first === '"' || first === "'";
  throw new FilterRefused(
    position + 1,
    quote ? "the quoted text has no end" : `${JSON.stringify(first)} has to be quoted`,
  );
}

function lengthOf(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0].length ?? 0;
}
