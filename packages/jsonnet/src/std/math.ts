import { fail } from "../error.ts";
import { native, whole } from "./native.ts";

const finite = (value: number): number => (Number.isFinite(value) ? value : fail("the outcome is no number"));
const one = (run: (value: number) => number) => native([["x", "number"]], (_, value) => finite(run(value)));
const two = (run: (left: number, right: number) => number) =>
  native(
    [
      ["a", "number"],
      ["b", "number"],
    ],
    (_, left, right) => finite(run(left, right)),
  );

const exponent = (value: number): number => (value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1);

/** Numbers. */
export const math = {
  abs: native([["n", "number"]], (_, value) => Math.abs(value)),
  sign: native([["n", "number"]], (_, value) => Math.sign(value)),
  max: two(Math.max),
  min: two(Math.min),
  pow: native(
    [
      ["x", "number"],
      ["n", "number"],
    ],
    (_, value, power) => finite(value ** power),
  ),
  modulo: two((left, right) => (right === 0 ? fail("something is divided by zero") : left % right)),
  clamp: native(
    [
      ["x", "number"],
      ["minVal", "number"],
      ["maxVal", "number"],
    ],
    (_, value, least, most) => Math.max(least, Math.min(most, value)),
  ),
  exp: one(Math.exp),
  log: one(Math.log),
  log2: one(Math.log2),
  log10: one(Math.log10),
  exponent: one(exponent),
  mantissa: one((value) => value / 2 ** exponent(value)),
  floor: one(Math.floor),
  ceil: one(Math.ceil),
  round: one((value) => Math.sign(value) * Math.round(Math.abs(value))),
  sqrt: one(Math.sqrt),
  sin: one(Math.sin),
  cos: one(Math.cos),
  tan: one(Math.tan),
  asin: one(Math.asin),
  acos: one(Math.acos),
  atan: one(Math.atan),
  atan2: native(
    [
      ["y", "number"],
      ["x", "number"],
    ],
    (_, y, x) => Math.atan2(y, x),
  ),
  hypot: two(Math.hypot),
  deg2rad: one((value) => (value * Math.PI) / 180),
  rad2deg: one((value) => (value * 180) / Math.PI),
  isEven: native([["x", "number"]], (_, value) => whole(Math.trunc(value)) % 2 === 0),
  isOdd: native([["x", "number"]], (_, value) => whole(Math.trunc(value)) % 2 !== 0),
  isInteger: native([["x", "number"]], (_, value) => Number.isInteger(value)),
  isDecimal: native([["x", "number"]], (_, value) => !Number.isInteger(value)),
  xor: native(
    [
      ["x", "boolean"],
      ["y", "boolean"],
    ],
    (_, left, right) => left !== right,
  ),
  xnor: native(
    [
      ["x", "boolean"],
      ["y", "boolean"],
    ],
    (_, left, right) => left === right,
  ),
};
