import { escapeHtml } from "./html/escape.ts";
import { printf } from "./printf.ts";
import { Escaped, fixedArity, isMap, own, show, truth } from "./values.ts";
import type { TemplateFunction } from "./values.ts";

/** The functions that every template of Go's has. `and` and `or` look at no more than they must: the evaluator does those. */
export const builtins: Readonly<Record<string, TemplateFunction>> = {
  and: (...args) => some("and", args).find((one) => !truth(one)) ?? args.at(-1),
  or: (...args) => some("or", args).find(truth) ?? args.at(-1),
  index: (value, ...keys) => keys.reduce(indexOf, value),
  slice: (value, ...bounds) => sliceOf(value, bounds as number[]),
  print: (...args) => spaced(args, (a, b) => typeof a !== "string" && typeof b !== "string"),
  println: (...args) => `${spaced(args, () => true)}\n`,
  printf: (format, ...args) => {
    if (typeof format !== "string") throw new Error("printf begins with a text that says how");
    return printf(format, ...args);
  },
  html: (...args) => escaped("html", args, escapeHtml),
  js: (...args) => escapeJs(args.map(show).join("")),
  urlquery: (...args) => escaped("urlquery", args, escapeQuery),
  eq: (first, ...others) => {
    if (others.length === 0) throw new Error("eq compares two values or more");
    return others.some((one) => equal(first, one));
  },
  ...fixedArity({
    not: (value) => !truth(value),
    len: (value) => lengthOf(value),
    ne: (one, other) => !equal(one, other),
    lt: (one, other) => compare(one, other) < 0,
    le: (one, other) => compare(one, other) <= 0,
    gt: (one, other) => compare(one, other) > 0,
    ge: (one, other) => compare(one, other) >= 0,
  }),
};

function some(name: string, args: readonly unknown[]): readonly unknown[] {
  if (args.length === 0) throw new Error(`${name} takes one argument or more`);
  return args;
}

const escapeQuery = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replace(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A text within the quotes of a program. */
const escapeJs = (text: string): string =>
  text.replace(/[\\'"]|[^ -~]|[<>&=]/gu, (sign) => {
    if ("\\'\"".includes(sign)) return `\\${sign}`;
    return sign > "~" && !/[\p{C}\p{Zl}\p{Zp}]/u.test(sign)
      ? sign
      : `\\u${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
  });

function escaped(by: Escaped["by"], args: readonly unknown[], write: (text: string) => string): Escaped {
  const text = args.map(show).join("");
  return new Escaped(by, text, write(text));
}

function equal(one: unknown, other: unknown): boolean {
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  for (const value of [one, other])
    if (Array.isArray(value) || isMap(value)) throw new Error("lists and maps cannot be compared");
  return (one ?? null) === (other ?? null);
}

function compare(one: unknown, other: unknown): number {
  if (one instanceof Date && other instanceof Date) return one.getTime() - other.getTime();
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "string" && typeof other === "string") return one < other ? -1 : one > other ? 1 : 0;
  throw new Error("only two numbers or two texts have an order");
}

function lengthOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  if (value === null || value === undefined) return 0;
  throw new Error("only texts, lists and maps have a length");
}

function indexOf(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (isMap(value)) return own(value, show(key));
  if (Array.isArray(value) || typeof value === "string") {
    const at = Number(key);
    if (!Number.isInteger(at) || at < 0 || at >= value.length)
      throw new Error(`there is nothing at ${show(key)}: the length is ${value.length}`);
    return typeof value === "string" ? Buffer.from(value)[at] : (value[at] as unknown);
  }
  throw new Error("index takes a map or a list");
}

function sliceOf(value: unknown, [from = 0, to]: readonly number[]): unknown {
  if (typeof value !== "string" && !Array.isArray(value)) throw new Error("slice takes a text or a list");
  const whole = typeof value === "string" ? Buffer.from(value) : value;
  const end = to ?? whole.length;
  if (from < 0 || end < from || end > whole.length) throw new Error(`slice goes beyond the length ${whole.length}`);
  return typeof value === "string" ? (whole as Buffer).subarray(from, end).toString() : value.slice(from, end);
}

function spaced(args: readonly unknown[], between: (one: unknown, other: unknown) => boolean): string {
  return args.map((one, at) => (at > 0 && between(args[at - 1], one) ? " " : "") + show(one)).join("");
}
