import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "@ostiary/jsonnet";
import { expectFailing, expectOutcomes } from "../support.ts";

test("sizes and signs", () => {
  expectOutcomes([
    ["[std.abs(-3), std.abs(2.5), std.sign(-3), std.sign(0), std.sign(0.1)]", [3, 2.5, -1, 0, 1]],
    ["[std.max(1, 2), std.min(1, 2), std.max(-1, -2)]", [2, 1, -1]],
    ["[std.clamp(-3, 0, 5), std.clamp(4, 0, 5), std.clamp(9, 0, 5)]", [0, 4, 5]],
  ]);
  expectFailing([["std.max('a', 'b')", /a has to be a number, not a string/]]);
});

test("rounding: halves away from zero", () => {
  expectOutcomes([
    ["[std.floor(1.5), std.floor(-1.5), std.ceil(1.2), std.ceil(-1.2)]", [1, -2, 2, -1]],
    [
      "[std.round(1.5), std.round(-1.5), std.round(2.5), std.round(2.4), std.round(0.49999999999999994)]",
      [2, -2, 3, 2, 0],
    ],
  ]);
});

test("powers, roots and logarithms", () => {
  expectOutcomes([
    ["[std.pow(2, 10), std.pow(4, 0.5), std.pow(2, -1), std.pow(0, 0), std.sqrt(9)]", [1024, 2, 0.5, 1, 3]],
    ["[std.exp(0), std.log(1), std.log2(8), std.log10(1000)]", [1, 0, 3, 3]],
    [
      "[std.hypot(3, 4), std.exponent(8), std.exponent(0.1), std.exponent(0), std.mantissa(8), std.mantissa(-3), std.mantissa(0)]",
      [5, 4, -3, 0, 0.5, -0.75, 0],
    ],
  ]);
  expectFailing([
    ["std.sqrt(-1)", /the outcome is no number/],
    ["std.log(0)", /the outcome is no number/],
    ["std.pow(-1, 0.5)", /the outcome is no number/],
    ["std.pow(10, 400)", /the outcome is no number/],
    ["std.exp(1000)", /the outcome is no number/],
  ]);
});

test("angles", () => {
  const outcome =
    evaluate(`[std.sin(std.pi / 2), std.cos(std.pi), std.tan(0), std.asin(1), std.acos(1), std.atan(1), std.atan2(-1, -1),
    std.deg2rad(180), std.rad2deg(std.pi / 2), std.pi]`) as number[];
  const expected = [1, -1, 0, Math.PI / 2, 0, Math.PI / 4, (-3 * Math.PI) / 4, Math.PI, 90, Math.PI];
  for (const [at, one] of expected.entries())
    assert.ok(Math.abs(outcome[at]! - one) < 1e-12, `${outcome[at]} is not ${one}`);
  expectFailing([["std.asin(2)", /the outcome is no number/]]);
});

test("remainders: modulo is that of numbers, mod fills in templates as well", () => {
  expectOutcomes([
    ["[std.modulo(7, 3), std.modulo(-7, 3), std.mod(5.5, 2)]", [1, -1, 1.5]],
    ["std.mod('%s-%s', ['a', 1])", "a-1"],
  ]);
  expectFailing([
    ["std.modulo(1, 0)", /divided by zero/],
    ["std.modulo('%s', 1)", /a has to be a number/],
    ["std.mod([], 1)", /% takes two numbers/],
  ]);
});

test("kinds of numbers", () => {
  expectOutcomes([
    ["[std.isEven(4), std.isEven(3), std.isEven(-2), std.isEven(2.5)]", [true, false, true, true]],
    ["[std.isOdd(3), std.isOdd(-3), std.isOdd(4)]", [true, true, false]],
    ["[std.isInteger(3), std.isInteger(3.5), std.isDecimal(3), std.isDecimal(3.5)]", [true, false, false, true]],
  ]);
});

test("either, and both or neither", () => {
  expectOutcomes([
    [
      "[std.xor(true, false), std.xor(true, true), std.xnor(true, true), std.xnor(false, true)]",
      [true, false, true, false],
    ],
  ]);
  expectFailing([["std.xor(1, true)", /x has to be a boolean/]]);
});
