import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, evaluate, JsonnetError } from "@ostiary/jsonnet";
import { failureOf } from "./support.ts";

/** Programs, and the whole message with line and column. */
const placed: readonly (readonly [program: string, message: string])[] = [
  ["1 + nobody", "1:5: nothing is called nobody here"],
  ["{\n  a: 1,\n  a: 2,\n}", "3:3: the field a is written twice"],
  ["{\n  a: 'open", "2:6: a text is not closed"],
  ["[1,\n 2\n", "3:1: the program ends too early"],
  ["local x = 1,\n      x = 2; x", "1:11: x is bound twice"],
  ["import 'other.libsonnet'", "1:1: a program here has to be whole: nothing can be imported"],
  ["{ a: self }.b", "1:12: there is no field b"],
  ["local f(x) =\n  x.name;\nf({ nme: 1 })", "2:4: there is no field name"],
  ["1 +\n  2 * null", "2:5: * takes two numbers, not a number and null"],
  ["{\n  a: error 'here',\n}", "2:6: here"],
  ["std.map(function(x) x / 0,\n        [1])", "1:23: something is divided by zero"],
  ["assert 1 == 2 : 'no'; 3", "1:10: no"],
  ["{ assert self.a > 1 : 'small',\n  a: 1 }", "1:17: small"],
  ["[std.length(x) for x in\n  ['a', 1]]", "1:12: a number has no length"],
  ["# é 😀\n\n\t'tab' + x", "3:10: nothing is called x here"],
  ["|||\n  a\n||| + y", "3:7: nothing is called y here"],
  ["local a = 'é'; b", "1:16: nothing is called b here"],
];

test("an error tells line and column of what failed", () => {
  for (const [program, message] of placed) assert.equal(failureOf(program).message, message, program);
});

test("an error is one of three kinds", () => {
  assert.equal(failureOf("1 +").kind, "syntax");
  assert.equal(failureOf("1 + null").kind, "runtime");
  assert.equal(failureOf("local f(x) = f(x); f(1)").kind, "limit");
  assert.equal(failureOf("1 + null").name, "JsonnetError");
  assert.ok(failureOf("1 + null") instanceof Error);
});

test("what a program itself says stands in the reason, without the place", () => {
  const error = failureOf("function(n) if n > 0 then n else error 'cancel'", { topLevelArguments: { n: 0 } });
  assert.equal(error.reason, "cancel");
  assert.equal(error.message, "1:34: cancel");
});

test("syntax and names are looked at when a program is read, all else when it runs", () => {
  assert.throws(() => compile("if false then nobody"), JsonnetError);
  const program = compile("if false then error 'never' else 1");
  assert.equal(program.evaluate(), 1);
  assert.throws(() => evaluate("error 'now'"), JsonnetError);
});

test("nothing can be imported, not even where nobody looks", () => {
  for (const program of [
    "import 'a'",
    "importstr '/etc/passwd'",
    "importbin 'x'",
    "if false then import 'a'",
    "{ a:: import 'a' }",
    "local i = import 'a'; 1",
  ])
    assert.match(failureOf(program).message, /^1:\d+: a program here has to be whole/, program);
});
