import type { Condition } from "./condition.ts";
import type { Comparison } from "./parser.ts";
import { FilterRefused } from "./refused.ts";

const deepest = 8;
const number = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

/**
 * Reads what is asked of a trait. Without quotes, `true`, `false` and numbers are what they look like; `*` at the end of a text
 * stands for whatever follows, and alone for any value.
 */
export function traitCondition(comparison: Comparison): Condition {
  const { path: written, operator, value, quoted, at, valueAt } = comparison;
  const path = written.slice(1);
  if (path.length === 0) throw new FilterRefused(at, "which trait is meant has to be said: traits.<path>");
  if (path.length > deepest) throw new FilterRefused(at, `a trait has at most ${deepest} steps`);
  // What would end a step in the paths of one engine or another.
  if (path.some((step) => /["\\\p{Cc}]/u.test(step)))
    throw new FilterRefused(at, "the name of a trait holds a quotation mark, a backslash or a control character");
  if (operator === ":" && value === "*" && !quoted) return { kind: "trait", path, test: "present" };
  const plain = quoted ? value : plainOf(value);
  if (operator === "=" || operator === ":") {
    if (typeof plain === "string" && plain.endsWith("*"))
      return { kind: "trait", path, test: "begins", value: begins(plain.slice(0, -1), valueAt) };
    return { kind: "trait", path, test: "equals", value: plain };
  }
  if (operator === "!=" || typeof plain !== "number")
    throw new FilterRefused(valueAt, `${operator} compares with a number, which stands without quotes`);
  return { kind: "trait", path, test: "compares", ordering: operator, value: plain };
}

function plainOf(word: string): string | number | boolean {
  if (word === "true" || word === "false") return word === "true";
  return number.test(word) ? Number(word) : word;
}

function begins(text: string, at: number): string {
  if (text === "") throw new FilterRefused(at, '"*" alone stands without quotes, behind ":"');
  return text;
}
