import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, defaultLimits, evaluate, JsonnetError } from "@ostiary/jsonnet";
import fc from "fast-check";
import { failureOf } from "./support.ts";

/** Programs that would never end, or take all memory. */
const endless: readonly string[] = [
  "local f(x) = f(x + 1); f(0)",
  "local f(x) = f(x + 1) tailstrict; f(0)",
  "local f(x) = [f(x)]; f(0)",
  "local f(x) = { a: f(x) }; f(0)",
  "{ a: $ }",
  "local a = [a]; a",
  "local a = [a]; a == [a]",
  "local a = [a]; std.toString(a)",
  "local a = [a]; std.flattenDeepArray(a)",
  "local a = { b: a }; std.prune(a)",
  "local a = { b: a }; std.manifestYamlDoc(a)",
  "std.foldl(function(a, b) a + b, std.range(1, 100000000), 0)",
  "std.makeArray(1e9, function(i) i)",
  "std.range(0, 1e12)",
  "std.repeat('x', 1e9)",
  "std.repeat([1, 2], 1e9)",
  "local double(n) = if n == 0 then 'ab' else local s = double(n - 1); s + s; std.length(double(40))",
  "local double(n) = if n == 0 then [1] else local s = double(n - 1); s + s; std.length(double(40))",
  "'%1000000000d' % 1",
  "'%.1000000000f' % 1",
  "'%*d' % [1e9, 1]",
  "[a for a in std.range(1, 2000) for b in std.range(1, 2000)]",
  "{ [a + '-' + b]: 1 for a in std.range(1, 2000) for b in std.range(1, 2000) }",
  "std.join('x', [std.repeat('y', 1000000) for i in std.range(1, 1000)])",
  "std.strReplace(std.repeat('a', 1000000), 'a', std.repeat('b', 1000000))",
  // Looking for one text in another, where each beginning nearly fits.
  "std.findSubstr('b' + std.repeat('a', 100000), std.repeat('a', 200000))",
  "std.member(std.repeat('a', 200000), 'b' + std.repeat('a', 100000))",
  "local fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2); fib(40)",
  "std.sort(std.range(1, 1000), function(x) std.foldl(function(a, b) a + b, std.range(1, 10000), 0))",
];

test("a program that takes too much is ended, soon", () => {
  for (const program of endless) {
    const start = performance.now();
    const error = failureOf(program);
    assert.equal(error.kind, "limit", `${program}: ${error.message}`);
    // Some 100 ms on a machine of its own; what must not happen takes minutes.
    assert.ok(performance.now() - start < 5_000, program);
  }
});

test("a program may take what the limits say, and no more", () => {
  const program = compile("std.foldl(function(a, b) a + b, std.range(1, 100), 0)");
  assert.equal(program.evaluate({ limits: { steps: 1_000 } }), 5_050);
  assert.throws(() => program.evaluate({ limits: { steps: 300 } }), {
    kind: "limit",
    reason: "the program takes too many steps",
  });
  const deep = compile("local f(n) = if n == 0 then 0 else 1 + f(n - 1); f(50)");
  assert.equal(deep.evaluate({ limits: { depth: 160 } }), 50);
  assert.throws(() => deep.evaluate({ limits: { depth: 100 } }), { kind: "limit", reason: /too deep/ });
});

test("no limit of one kind changes that of the other", () => {
  assert.deepEqual(Object.keys(defaultLimits).toSorted(), ["depth", "steps"]);
  assert.equal(evaluate("std.sum(std.range(1, 1000))", { limits: { depth: 50 } }), 500_500);
  assert.equal(evaluate("1 + 1", { limits: {} }), 2);
});

test("by the standard limits a function may call itself as often as elsewhere, a list may hold 100,000 items", () => {
  assert.equal(evaluate("local f(n) = if n == 0 then 0 else 1 + f(n - 1); f(450)"), 450);
  assert.equal(evaluate("std.length(std.set(std.makeArray(100000, function(i) i)))"), 100_000);
});

test("a program that is too long, or nested too deep, is not read", () => {
  const refused = [
    `'${"x".repeat(300_000)}'`,
    "(".repeat(100_000),
    "[".repeat(1_000),
    "{a:".repeat(1_000),
    "-".repeat(1_000),
    `1${"+1".repeat(100_000)}`,
    "local x = ".repeat(500),
    "if true then ".repeat(500),
    "function() ".repeat(500),
  ];
  for (const source of refused) assert.equal(failureOf(source).kind, "syntax", source.slice(0, 40));
  assert.equal(evaluate(`${"[".repeat(100)}${"]".repeat(100)}[0][0] == []`), false);
  assert.equal(evaluate(`1${"+1".repeat(1_000)}`), 1_001);
});

const words = [
  "1",
  "0",
  "-1",
  "'a'",
  "null",
  "true",
  "self",
  "super",
  "$",
  "x",
  "std",
  "length",
  "[",
  "]",
  "{",
  "}",
  "(",
  ")",
  ":",
  "::",
  "+:",
  ",",
  ";",
  ".",
  "+",
  "-",
  "*",
  "/",
  "%",
  "<<",
  "&&",
  "!",
  "==",
  "in",
  "for",
  "if",
  "then",
  "else",
  "local",
  "function",
  "assert",
  "error",
  "=",
  "tailstrict",
  "|||",
  "\n",
  " ",
  "import",
];

test("whatever is given as a program is either refused by an error of ours, or comes to a value of JSON", () => {
  const programs = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join(" ")),
  );
  const property = fc.property(programs, (source) => {
    try {
      assert.equal(typeof JSON.stringify(evaluate(source, { limits: { steps: 10_000 } })), "string");
    } catch (error) {
      if (!(error instanceof JsonnetError)) throw error;
    }
  });
  const runs = Number(process.env["OSTIARY_PROPERTY_RUNS"] ?? 0);
  fc.assert(property, runs > 0 ? { numRuns: runs } : { numRuns: 3_000, seed: 7 });
});
