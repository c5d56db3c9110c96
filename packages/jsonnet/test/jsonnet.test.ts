import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, JsonnetError } from "@ostiary/jsonnet";

/** A program, and its outcome as JSON. */
const outcomes: readonly (readonly [program: string, json: string])[] = [
  // arithmetic and texts
  ["1 + 2 * 3", "7"],
  ["!true || -1 < 0", "true"],
  ["(~5 & 3 | 8 ^ 1 << 2)", "14"],
  ["'abc'[1] + \"d\\u0041\"", "\"bdA\""],
  ["@'a''b\\n'", "\"a'b\\\\n\""],
  ["/* c */ 1 // x", "1"],
  ["if 1 == 1 then 2", "2"],
  ["if false then 2", "null"],
  // objects
  ["{a: 1, b: self.a + 1}", "{\"a\":1,\"b\":2}"],
  ["{b: 1, a: 2}", "{\"a\":2,\"b\":1}"],
  ["{a: 1, b:: 2, c::: 3} + {b::: 4}", "{\"a\":1,\"b\":4,\"c\":3}"],
  ["local A = {x: 1, y: self.x + 1}; A {x: 5}", "{\"x\":5,\"y\":6}"],
  ["{a: {b: 1}} + {a+: {c: 2}}", "{\"a\":{\"b\":1,\"c\":2}}"],
  ["{a: 1} + {a: super.a + 1} + {a: super.a * 10}", "{\"a\":20}"],
  ["{a: {b: $.c}, c: 3}", "{\"a\":{\"b\":3},\"c\":3}"],
  ["({a: 1} + {b: 'a' in super}).b", "true"],
  ["{[k]: k + '!' for k in ['a', 'b']}", "{\"a\":\"a!\",\"b\":\"b!\"}"],
  ["{[if false then 'a']: 1, [if true then 'b']: 2}", "{\"b\":2}"],
  ["local o = {f(x):: x + 1, g: self.f(2)}; o", "{\"g\":3}"],
  ["{local a = 1, b: a}", "{\"b\":1}"],
  ["{'__proto__': 1}", "{\"__proto__\":1}"],
  ["{a: 1, b: error 'never looked at'}.a", "1"],
  // lists
  ["[x * y for x in [1, 2, 3] if x > 1 for y in [10, 20]]", "[20,40,30,60]"],
  ["[1, 2, 3, 4, 5][1:4:2]", "[2,4]"],
  ["[1, 2, 3][:-1]", "[1,2]"],
  ["'hello'[::2]", "\"hlo\""],
  ["[1, 2] + [3] == [1, 2, 3] && {a: 1} == {a: 1}", "true"],
  // functions
  ["local f(x, y=x + 1) = x * y; [f(2), f(2, 5), f(y=1, x=9)]", "[6,10,9]"],
  ["local f(n) = if n == 0 then 0 else 1 + f(n - 1); f(200)", "200"],
  // the library
  ["std.format('%05.1f|%-5s|%x|%s|%%', [3.14159, 'ab', 255, {a: [1]}])", "\"003.1|ab   |ff|{\\\"a\\\": [1]}|%\""],
  ["'%(a)s-%(b)03d' % {a: 'x', b: 7}", "\"x-007\""],
  ["'%s %s' % [null, 1]", "\"null 1\""],
  ["'%e %g' % [12345.678, 0.0001]", "\"1.234568e+04 0.0001\""],
  ["std.foldl(function(a, b) a + b, std.range(1, 10), 0)", "55"],
  ["std.set([3, 1, 3])", "[1,3]"],
  ["std.setDiff([1, 2, 3], [2])", "[1,3]"],
  ["std.sort(['b', 'a'], function(x) x)", "[\"a\",\"b\"]"],
  ["std.join(',', ['a', null, 'b'])", "\"a,b\""],
  ["std.split('a,b,c', ',')", "[\"a\",\"b\",\"c\"]"],
  ["std.strReplace('a.b.c', '.', '-')", "\"a-b-c\""],
  ["std.length('😀é')", "2"],
  ["std.asciiUpper('aé')", "\"Aé\""],
  ["std.parseJson('[1,{\"a\":2}]')", "[1,{\"a\":2}]"],
  ["std.mergePatch({a: {b: 1, c: 2}, d: 1}, {a: {b: null}, e: {f: null}})", "{\"a\":{\"c\":2},\"d\":1,\"e\":{}}"],
  ["std.prune({a: null, b: [], c: {d: null}, e: 1})", "{\"e\":1}"],
  ["std.objectFields({a:: 1, b: 2})", "[\"b\"]"],
  ["std.get({a: 1}, 'b', 9)", "9"],
  ["std.base64('hi') + std.base64Decode('aGk=')", "\"aGk=hi\""],
  ["std.md5('')", "\"d41d8cd98f00b204e9800998ecf8427e\""],
  ["std.manifestJsonMinified({a: [1, {}]})", "\"{\\\"a\\\":[1,{}]}\""],
  ["std.toString({a: 1, b: 'x'})", "\"{\\\"a\\\": 1, \\\"b\\\": \\\"x\\\"}\""],
  ["std.manifestYamlDoc({a: [1, {b: 2}], c: {}}, quote_keys=false)", "\"a:\\n- 1\\n- b: 2\\nc: {}\""],
];

test("programs come to what the language says they do", () => {
  for (const [program, json] of outcomes) assert.equal(JSON.stringify(compile(program).evaluate()), json, program);
});

test("a block of text loses the indentation of its first line", () => {
  assert.equal(compile("|||\n  a\n    b\n\n  c\n|||").evaluate(), "a\n  b\n\nc\n");
  assert.equal(compile("|||-\n  a\n|||").evaluate(), "a");
});

test("a program is given arguments if it is a function, and values from outside by name", () => {
  const claims = { email: "anna@example.org", when: new Date(0), left: undefined };
  assert.equal(compile("function(ctx) ctx.flow.id").evaluate({ topLevelArguments: { ctx: { flow: { id: "f" } } } }), "f");
  assert.equal(compile("'no function'").evaluate({ topLevelArguments: { ctx: 1 } }), "no function");
  const program = compile("local c = std.extVar('claims'); { [if 'email' in c then 'mail']: c.email, when: c.when, left: 'left' in c }");
  assert.deepEqual(program.evaluate({ extVars: { claims } }), { left: false, mail: "anna@example.org", when: "1970-01-01T00:00:00.000Z" });
});

/** A program, and the place and the kind of what is wrong with it. */
const faults: readonly (readonly [program: string, kind: JsonnetError["kind"], message: RegExp])[] = [
  ["error 'cancel'", "runtime", /^1:1: cancel$/],
  ["local n = 1;\n  assert n == 2 : 'no'; 3", "runtime", /^2:3: no$|^2:12: no$/],
  ["{ assert self.a > 1 : 'small', a: 1 }", "runtime", /^1:\d+: small$/],
  ["1 / 0", "runtime", /^1:3: /],
  ["local x = x; x", "runtime", /itself/],
  ["{ a: self.b, b: self.a }", "runtime", /itself/],
  ["std.thing", "runtime", /thing/],
  ["{ a: function(x) x }", "runtime", /function/],
  ["std.extVar('absent')", "runtime", /absent/],
  ["function(ctx) 1", "runtime", /ctx is missing/],
  ["foo", "syntax", /^1:1: .*foo/],
  ["import '/etc/passwd'", "syntax", /imported/],
  ["importstr '/etc/passwd'", "syntax", /imported/],
  ["{ a: 1, a: 2 }", "syntax", /twice/],
  ["{ a: 1", "syntax", /too early/],
  ["self", "syntax", /inside an object/],
  ["'open", "syntax", /not closed/],
  ["(".repeat(100_000), "syntax", /too deep/],
  [`1${"+1".repeat(100_000)}`, "syntax", /too deep/],
];

test("what is wrong with a program is told, and where", () => {
  for (const [program, kind, message] of faults)
    assert.throws(() => compile(program).evaluate(), (error) => error instanceof JsonnetError && error.kind === kind && message.test(error.message), program.slice(0, 80));
});

/** Programs that would never end, or take all memory. */
const endless = [
  "local f(x) = f(x + 1); f(0)",
  "local f(x) = [f(x)]; f(0)",
  "{ a: $ }",
  "std.foldl(function(a, b) a + b, std.range(1, 100000000), 0)",
  "std.makeArray(1e9, function(i) i)",
  "std.repeat('x', 1e9)",
  "local double(n) = if n == 0 then 'ab' else local s = double(n - 1); s + s; std.length(double(40))",
  "local double(n) = if n == 0 then [1] else local s = double(n - 1); s + s; std.length(double(40))",
  "'%1000000000d' % 1",
  "[a for a in std.range(1, 2000) for b in std.range(1, 2000)]",
  "std.join('x', [std.repeat('y', 1000000) for i in std.range(1, 1000)])",
];

test("a program that takes too much is ended", () => {
  for (const program of endless)
    assert.throws(() => compile(program).evaluate(), (error) => error instanceof JsonnetError && error.kind === "limit", program);
});
