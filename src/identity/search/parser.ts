import { FilterRefused } from "./refused.ts";
import type { Token } from "./lexer.ts";
import { tokensOf } from "./lexer.ts";

/** How a field is compared with a value. `:` asks whether a list holds it, or with `*` whether the field is there. */
export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":";

/** A field and what it is compared with, as written. */
export interface Comparison {
  readonly kind: "comparison";
  /** The name of the field, by its steps. */
  readonly path: readonly string[];
  readonly operator: Operator;
  readonly value: string;
  /** Whether the value stands in quotes: then it is a text, whatever it looks like. */
  readonly quoted: boolean;
  /** Where the field and the value begin, counted from one. */
  readonly at: number;
  readonly valueAt: number;
}

/** What a filter says, before anybody knows which fields there are. */
export type Expression =
  | Comparison
  | { readonly kind: "and" | "or"; readonly parts: readonly Expression[] }
  | { readonly kind: "not"; readonly part: Expression };

const deepest = 16;
const mostComparisons = 50;

/** Reads a filter in the words of AIP-160. As it says, OR binds closer than AND. */
export function parseFilter(filter: string): Expression {
  const reader: Reader = { tokens: tokensOf(filter), next: 0, comparisons: 0 };
  const whole = expression(reader, 0);
  if (peek(reader).kind !== "end") throw refused(peek(reader), "AND, OR or the end of the filter");
  return whole;
}

/** How far a filter has been read. */
interface Reader {
  readonly tokens: readonly Token[];
  next: number;
  comparisons: number;
}

const peek = ({ tokens, next }: Reader): Token => tokens[next]!;

function take(reader: Reader): Token {
  const token = peek(reader);
  if (token.kind !== "end") reader.next++;
  return token;
}

function takes(reader: Reader, kind: Token["kind"], value: string): boolean {
  const token = peek(reader);
  if (token.kind !== kind || token.value !== value) return false;
  reader.next++;
  return true;
}

const refused = ({ kind, value, at }: Token, wanted: string) =>
  new FilterRefused(at, `${wanted} is expected${kind === "end" ? "" : `, not ${JSON.stringify(value)}`}`);

type Part = (reader: Reader, depth: number) => Expression;

const chain =
  (word: "AND" | "OR", kind: "and" | "or", part: Part): Part =>
  (reader, depth) => {
    const parts = [part(reader, depth)];
    while (takes(reader, "word", word)) parts.push(part(reader, depth));
    return parts.length === 1 ? parts[0]! : { kind, parts };
  };

const term: Part = (reader, depth) => {
  if (depth > deepest) throw new FilterRefused(peek(reader).at, `it is nested deeper than ${deepest} times`);
  if (takes(reader, "word", "NOT")) return { kind: "not", part: term(reader, depth + 1) };
  if (!takes(reader, "parenthesis", "(")) return comparison(reader);
  const inner = expression(reader, depth + 1);
  if (!takes(reader, "parenthesis", ")")) throw refused(peek(reader), '")"');
  return inner;
};

const factor = chain("OR", "or", term);
const expression: Part = chain("AND", "and", factor);

function comparison(reader: Reader): Comparison {
  const { at } = peek(reader);
  if (++reader.comparisons > mostComparisons)
    throw new FilterRefused(at, `there are more than ${mostComparisons} comparisons`);
  const path = field(reader);
  const operator = take(reader);
  if (operator.kind !== "operator") throw refused(operator, `one of = != < <= > >= : behind ${path.join(".")}`);
  const value = take(reader);
  if (value.kind !== "word" && value.kind !== "text") throw refused(value, "a value");
  return {
    kind: "comparison",
    path,
    operator: operator.value as Operator,
    value: value.value,
    quoted: value.kind === "text",
    at,
    valueAt: value.at,
  };
}

/** Steps with other characters stand in quotes: `traits."first name"`. */
function field(reader: Reader): string[] {
  const first = take(reader);
  if (first.kind !== "word") throw refused(first, "the name of a field");
  let path = first.value.split(".");
  while (path.at(-1) === "" && peek(reader).kind === "text" && peek(reader).adjoins) {
    path = [...path.slice(0, -1), take(reader).value];
    if (peek(reader).kind === "word" && peek(reader).adjoins && peek(reader).value.startsWith("."))
      path.push(...take(reader).value.slice(1).split("."));
  }
  if (path.includes("")) throw new FilterRefused(first.at, "the name of the field has an empty step");
  return path;
}
