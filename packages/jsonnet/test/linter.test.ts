import assert from "node:assert/strict";
import { test } from "node:test";
import { lint } from "../src/index.ts";

const found = (source: string) =>
  lint(source).map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);

test("a program with nothing wrong has no findings", () => {
  for (const source of [
    "1",
    "function(ctx) { a: ctx.a, local b = 1, c: b }",
    "local a = b, b = 1; a",
    "local f(n) = if n == 0 then 0 else f(n - 1); f(3)",
    "local std = { foo: 1 }; std.foo",
    "[x + y for x in [1] for y in [2] if true]",
    "{ [k]: v for k in ['a'] for v in [1] }",
    "std.map(func=function(x) x, arr=[1])",
    "std.extVar('x').anything(1, 2, 3)",
    "local f = std.length; f([])",
  ])
    assert.deepEqual(found(source), [], source);
});

test("what cannot be read, or names what there is not, is one finding", () => {
  assert.deepEqual(found("{ a: "), ["1:6 the program ends too early"]);
  assert.deepEqual(found("[\n  person]"), ["2:3 nothing is called person here"]);
});

test("a local that nobody uses is found, wherever it is", () => {
  for (const [source, ...findings] of [
    ["local a = 1; 2", "1:7 nothing uses the local a"],
    ["local a = b, b = a; 1", "1:7 nothing uses the local a", "1:14 nothing uses the local b"],
    ["local f(n) = f(n); 1", "1:7 nothing uses the local f"],
    ["{ local a = 1, b: 2 }", "1:9 nothing uses the local a"],
    ["{ local a = 1, [k]: 2 for k in ['x'] }", "1:9 nothing uses the local a"],
    ["local a = 1; local a = 2; a", "1:7 nothing uses the local a"],
  ] as const)
    assert.deepEqual(found(source), findings, source);
});

test("calls of what is known are held to what it takes", () => {
  for (const [source, ...findings] of [
    [
      "local f(x, y=1) = x + y; [f(), f(1, 2, 3), f(1, z=2)]",
      "1:28 the parameter x is missing",
      "1:33 a function of 2 parameters is given 3",
      "1:45 there is no parameter z",
    ],
    ["std.lenght([])", "1:5 std has no lenght"],
    ["std['lenght']([])", "1:5 std has no lenght"],
    ["std.map(1)", "1:8 the parameter arr is missing"],
    ["(function(a) a)(1, 2)", "1:16 a function of 1 parameters is given 2"],
  ] as const)
    assert.deepEqual(found(source), findings, source);
});
