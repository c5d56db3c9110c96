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
  const tokens = tokensOf(filter);
  let next = 0;
  let comparisons = 0;

  const peek = (): Token => tokens[next]!;
  const isWord = (word: string) => peek().kind === "word" && peek().value === word;
  const refuse = (token: Token, wanted: string) =>
    new FilterRefused(
      token.at,
      `${wanted} is expected${token.kind === "end" ? "" : `, not ${JSON.stringify(token.value)}`}`,
    );

  function chain(
    word: "AND" | "OR",
    kind: "and" | "or",
    part: (depth: number) => Expression,
    depth: number,
  ): Expression {
    const parts = [part(depth)];
    while (isWord(word)) {
      next++;
      parts.push(part(depth));
    }
    return parts.length === 1 ? parts[0]! : { kind, parts };
  }

  const expression = (depth: number): Expression => chain("AND", "and", factor, depth);
  const factor = (depth: number): Expression => chain("OR", "or", term, depth);

  function term(depth: number): Expression {
    if (depth > deepest) throw new FilterRefused(peek().at, `it is nested deeper than ${deepest} times`);
    if (isWord("NOT")) {
      next++;
      return { kind: "not", part: term(depth + 1) };
    }
    if (peek().value !== "(" || peek().kind !== "parenthesis") return comparison();
    next++;
    const inner = expression(depth + 1);
    if (peek().value !== ")" || peek().kind !== "parenthesis") throw refuse(peek(), '")"');
    next++;
    return inner;
  }

  function comparison(): Comparison {
    const { at } = peek();
    if (++comparisons > mostComparisons)
      throw new FilterRefused(at, `there are more than ${mostComparisons} comparisons`);
    const path = field();
    const compared = tokens[next++]!;
    if (compared.kind !== "operator") throw refuse(compared, `one of = != < <= > >= : behind ${path.join(".")}`);
    const value = tokens[next++]!;
    if (value.kind !== "word" && value.kind !== "text") throw refuse(value, "a value");
    return {
      kind: "comparison",
      path,
      operator: compared.value as Operator,
      value: value.value,
      quoted: value.kind === "text",
      at,
      valueAt: value.at,
    };
  }

  /** Steps with other characters stand in quotes: `traits."first name"`. */
  function field(): string[] {
    const first = tokens[next++]!;
    if (first.kind !== "word") throw refuse(first, "the name of a field");
    let path = first.value.split(".");
    while (path.at(-1) === "" && peek().kind === "text" && peek().adjoins) {
      path = [...path.slice(0, -1), tokens[next++]!.value];
      if (peek().kind === "word" && peek().adjoins && peek().value.startsWith("."))
        path.push(...tokens[next++]!.value.slice(1).split("."));
    }
    if (path.includes("")) throw new FilterRefused(first.at, "the name of the field has an empty step");
    return path;
  }

  const whole = expression(0);
  if (peek().kind !== "end") throw refuse(peek(), "AND, OR or the end of the filter");
  return whole;
}
