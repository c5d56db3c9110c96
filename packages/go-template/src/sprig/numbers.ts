import { fixedArity, show } from "../values.ts";
import type { TemplateFunction } from "../values.ts";

/** Sprig's functions on numbers. Most of them take whole ones; what cannot be read as a number is zero. */
export const numberFunctions: Readonly<Record<string, TemplateFunction>> = {
  add: (...args) => args.reduce<number>((sum, one) => sum + wholeOf(one), 0),
  mul: (...args) => args.reduce<number>((product, one) => product * wholeOf(one), 1),
  max: (first, ...others) => Math.max(wholeOf(first), ...others.map(wholeOf)),
  min: (first, ...others) => Math.min(wholeOf(first), ...others.map(wholeOf)),
  ...fixedArity({
    add1: (value) => wholeOf(value) + 1,
    sub: (one, other) => wholeOf(one) - wholeOf(other),
    div: (one, other) => Math.trunc(finite(wholeOf(one) / wholeOf(other))),
    mod: (one, other) => finite(wholeOf(one) % wholeOf(other)),
    int: (value) => wholeOf(value),
    int64: (value) => wholeOf(value),
    atoi: (text) => (/^[+-]?\d+$/.test(show(text)) ? Number(show(text)) : 0),
    float64: (value) => numberOf(value),
    ceil: (value) => Math.ceil(numberOf(value)),
    floor: (value) => Math.floor(numberOf(value)),
    round: (value, digits) => rounded(numberOf(value), wholeOf(digits)),
  }),
};

const literals: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/^0[xX][\da-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$|^(?:0|[1-9]\d*)$/, ""],
  [/^0[0-7]+$/, "0o"],
];

/** A whole number: fractions are cut, texts are read as programs in Go write whole numbers. */
export function wholeOf(value: unknown): number {
  if (typeof value === "number" || typeof value === "boolean") return Math.trunc(Number(value));
  const [, sign = "", digits = ""] = /^([+-]?)(.*)$/.exec(show(value).replaceAll("_", "")) ?? [];
  const literal = literals.find(([pattern]) => pattern.test(digits));
  return literal ? (sign === "-" ? -1 : 1) * Number(literal[1] + digits) : 0;
}

function numberOf(value: unknown): number {
  const read = typeof value === "boolean" ? Number(value) : Number(show(value) || 0);
  return Number.isNaN(read) ? 0 : read;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Error("a number cannot be divided by zero");
  return value;
}

/** Halves are rounded up after they are scaled, those of negative numbers down. */
function rounded(value: number, digits: number): number {
  const scale = 10 ** Math.min(Math.max(digits, 0), 20);
  return (Math.sign(value) * Math.round(Math.abs(value) * scale)) / scale;
}
