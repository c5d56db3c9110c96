import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, evaluate } from "@ostiary/jsonnet";
import { expectOutcomes, failureOf } from "./support.ts";

test("a program that is a function is given arguments by name", () => {
  assert.equal(evaluate("function(ctx) ctx.flow.id", { topLevelArguments: { ctx: { flow: { id: "f" } } } }), "f");
  assert.equal(evaluate("function(a, b=a + 1) a + b", { topLevelArguments: { a: 1 } }), 3);
  assert.equal(evaluate("function() 'none'"), "none");
  assert.equal(evaluate("local twice(x) = x + x; twice", { topLevelArguments: { x: "a" } }), "aa");
  assert.match(failureOf("function(ctx) 1").message, /the parameter ctx is missing/);
  assert.match(failureOf("function(a) 1", { topLevelArguments: { b: 1 } }).message, /there is no parameter b/);
});

test("a program that is no function does not see arguments, and needs none", () => {
  assert.equal(evaluate("'no function'", { topLevelArguments: { ctx: 1 } }), "no function");
});

test("values of the host are taken as JSON has them", () => {
  class Account {
    secret = undefined;
    name = "Ada";
    toJSON() {
      return { name: this.name };
    }
  }
  const extVars = {
    moment: new Date(0),
    sparse: [1, undefined, () => 1],
    account: new Account(),
    nan: Number.NaN,
    left: { out: undefined },
  };
  expectOutcomes(
    [
      ["std.extVar('moment')", "1970-01-01T00:00:00.000Z"],
      ["std.extVar('sparse')", [1, null, null]],
      ["std.extVar('account')", { name: "Ada" }],
      ["std.extVar('nan')", null],
      ["std.extVar('left')", {}],
    ],
    { extVars },
  );
});

test("what is not looked at is not converted", () => {
  const told = {
    toJSON() {
      throw new Error("nobody asked");
    },
  };
  assert.equal(evaluate("function(a, b) a", { topLevelArguments: { a: 1, b: told } }), 1);
  assert.equal(evaluate("1", { extVars: { told } }), 1);
});

test("values of the host cannot be changed, and nothing is left of one run for the next", () => {
  const ctx = { list: [1], inner: { a: 1 } };
  const program = compile("function(ctx) ctx { list+: [2], inner+: { b: 2 } }");
  for (let run = 0; run < 2; run++)
    assert.deepEqual(program.evaluate({ topLevelArguments: { ctx } }), { inner: { a: 1, b: 2 }, list: [1, 2] });
  assert.deepEqual(ctx, { list: [1], inner: { a: 1 } });
});

test("names of the host's values may be any, JavaScript's own among them", () => {
  const body = JSON.parse('{ "__proto__": { "admin": true }, "constructor": 1 }') as unknown;
  assert.equal(evaluate("function(body) std.length(body)", { topLevelArguments: { body } }), 2);
  assert.equal(evaluate("function(body) 'admin' in body", { topLevelArguments: { body } }), false);
  const outcome = evaluate("function(body) body", { topLevelArguments: { body } }) as object;
  assert.equal(Object.getPrototypeOf(outcome), Object.prototype);
  assert.ok(Object.hasOwn(outcome, "__proto__"));
});

test("the outcome holds what is shown, in the order of names", () => {
  assert.equal(
    JSON.stringify(evaluate("{ b: 1, a: { d:: 1, c: [{ e: null }] }, B: 2 }")),
    '{"B":2,"a":{"c":[{"e":null}]},"b":1}',
  );
  expectOutcomes([
    ["{ a:: 1 }", {}],
    ["[[], {}]", [[], {}]],
    ["1e100", 1e100],
    ["-0", -0],
    ["'\\u0000'", "\u0000"],
    ["local x = { n: 1 }; [x, x { n: 2 }]", [{ n: 1 }, { n: 2 }]],
  ]);
});
