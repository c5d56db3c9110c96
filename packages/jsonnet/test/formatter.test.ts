import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { format } from "../src/index.ts";
import { tokensOf } from "../src/lexer.ts";

const formatted = (source: string, wanted: string) => assert.equal(format(source), `${wanted}\n`, source);

test("blanks are where everybody expects them", () => {
  for (const [source, wanted] of [
    ["{a:1,b::2,c+:{},d(x,y=1):x}", "{ a: 1, b:: 2, c+: {}, d(x, y=1): x }"],
    ["[ 1,2 ,3]", "[1, 2, 3]"],
    [
      "a.b [1] (2,c = 3)".replaceAll("a.b", "local a={b:[]};a.b").replace(" (2,c = 3)", ""),
      "local a = { b: [] }; a.b[1]",
    ],
    ["-1+ - 2*!true", "-1 + -2 * !true"],
    ["[1,2][0:1:2]+[3][ :: ]", "[1, 2][0:1:2] + [3][::]"],
    ["if true then{}else[ ]", "if true then {} else []"],
    ["function( a,b ) a", "function(a, b) a"],
    ["(local a=1;a)", "(local a = 1; a)"],
    ["{assert true:'no',local f(x)=x,a:f(x=1)}", "{ assert true : 'no', local f(x) = x, a: f(x=1) }"],
    ["[x for x in [1]if x>0]", "[x for x in [1] if x > 0]"],
    ["{a:1}+{b:super.a,c:$.b,d:'a' in super}", "{ a: 1 } + { b: super.a, c: $.b, d: 'a' in super }"],
    ["{a:1}{b:2}", "{ a: 1 } { b: 2 }"],
    ["error'x'", "error 'x'"],
    ["std.map(function(x)x,[1])tailstrict", "std.map(function(x) x, [1]) tailstrict"],
  ] as const)
    formatted(source, wanted);
});

test("texts, comments and names of fields are written in one way", () => {
  for (const [source, wanted] of [
    [`"a"`, "'a'"],
    [`"it's"`, `"it's"`],
    [`'it\\'s'`, `"it's"`],
    [`"say \\"x\\""`, `'say "x"'`],
    [`'a\\'b"c'`, `'a\\'b"c'`],
    [`"a\\n"`, `'a\\n'`],
    [`@"c:\\x"`, `@"c:\\x"`],
    [`{"a":1,"b-c":2,"if":3,'d'():4}`, "{ a: 1, 'b-c': 2, 'if': 3, d(): 4 }"],
    ["#!/usr/bin/jsonnet\n# a\n1 # b\n", "#!/usr/bin/jsonnet\n// a\n1  // b"],
    ["1/* b */", "1 /* b */"],
  ] as const)
    formatted(source, wanted);
});

test("lines stay, indented by what they belong to, and what stands on lines of its own ends by a comma", () => {
  for (const [source, wanted] of [
    ["{\na: 1 }", "{\n  a: 1,\n}"],
    ["{a: 1,}", "{ a: 1 }"],
    ["[\n1,\n\n\n\n\n2 // b\n// c\n]", "[\n  1,\n\n\n  2,  // b\n  // c\n]"],
    ["[x\nfor x in [1]\n]", "[x\n  for x in [1]\n]"],
    ["[\nx for x in [1]\n]", "[\n  x for x in [1]\n]"],
    ["local a=1,\nb=2;\na+\nb", "local a = 1,\n      b = 2;\na +\nb"],
    ["local a =\n1;\nfunction(x)\n{\ny: a }", "local a =\n  1;\nfunction(x)\n{\n  y: a,\n}"],
    [
      "{a:\nlocal b=1;\nb,\nc: if true then\n1\nelse if false then\n2\nelse\n3}",
      "{ a:\n    local b = 1;\n    b,\n  c: if true then\n    1\n  else if false then\n    2\n  else\n    3 }",
    ],
    ["std.map(function(x) {\ny: x\n}, [\n1])", "std.map(function(x) {\n  y: x,\n}, [\n  1,\n])"],
    ["{a: |||\n      x\n        y\n\n      z\n    |||}", "{ a: |||\n  x\n    y\n\n  z\n||| }"],
  ] as const)
    formatted(source, wanted);
});

const programs = [
  "local f(x, y=[1, 2]) = x + y[0:1]; { a: f(1), b+:: -1, [if true then 'c']: $.a, d(z): self.b + z, assert true : 'x', local e = 'it', g: e { h: super.i } }",
  "function(ctx) if ctx.a then [x for x in ctx.b if x != null] else { [k]: ctx[k] for k in ['a', 'b'] }",
  "local a = 1, b = { c: |||\n  text\n||| }; assert a == 1; error 'no' + (if a > 1 then !true else ~a)",
];
const between = fc.constantFrom(" ", "\n", "\n\n", " // c\n", " /* c */ ", "\n# c\n", "\n\n\n\n  ");

test("however it is written, a program stays the same, and is settled at once", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...programs),
      fc.array(between, { minLength: 120, maxLength: 120 }),
      (program, blanks) => {
        const source = tokensOf(program)
          .map(({ start, end }, at) => program.slice(start, end) + blanks[at]!)
          .join("");
        // Else it throws.
        const once = format(source);
        assert.equal(format(once), once);
      },
    ),
    { numRuns: 300 },
  );
});
