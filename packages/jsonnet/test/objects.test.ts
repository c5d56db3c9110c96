import { test } from "node:test";
import { expectFailing, expectOutcomes, expectUnreadable } from "./support.ts";

test("fields see each other through self, and the outermost object through $", () => {
  expectOutcomes([
    ["{ a: 1, b: self.a + 1, c: self.b * 2 }", { a: 1, b: 2, c: 4 }],
    ["{ later: self.sooner, sooner: 1 }", { later: 1, sooner: 1 }],
    ["{ a: { b: self.c, c: 1 }, c: 2 }", { a: { b: 1, c: 1 }, c: 2 }],
    ["{ a: { b: $.c, d: { e: $.c } }, c: 2 }", { a: { b: 2, d: { e: 2 } }, c: 2 }],
    ["{ a: [self.b, [$.b]], b: 1 }", { a: [1, [1]], b: 1 }],
    ["{ has: 'x' in self, x: 1 }", { has: true, x: 1 }],
    [
      "{ name: 'n', greet(who):: self.name + ' greets ' + who, said: self.greet('m') }",
      { name: "n", said: "n greets m" },
    ],
  ]);
});

test("a field is made when it is looked at, and once", () => {
  expectOutcomes([
    ["{ a: error 'not looked at', b: 1 }.b", 1],
    ["std.length({ a: error 'not looked at' })", 1],
    [
      "local o = { n: std.foldl(function(a, b) a + b, std.range(1, 1000), 0), all: [o.n for i in std.range(1, 500)] }; o.all[499]",
      500_500,
    ],
  ]);
  expectFailing([
    ["{ a: self.a }", /the field a is made of itself/],
    ["{ a: self.b, b: self.a }", /is made of itself/],
    ["local x = x; x", /a value is made of itself/],
    ["local a = [a[0]]; a", /made of itself/],
  ]);
});

test("locals of an object are seen by its fields, and are none", () => {
  expectOutcomes([
    ["{ local n = 2, a: n, b: n * n }", { a: 2, b: 4 }],
    ["{ a: n, local n = self.b, b: 3 }", { a: 3, b: 3 }],
    ["{ local double(x) = x * 2, a: double(4) }", { a: 8 }],
    ["local x = 'outer'; { local x = 'inner', a: x }.a + x", "innerouter"],
    ["{ local me = self, a: { b: me.c }, c: 1 }", { a: { b: 1 }, c: 1 }],
  ]);
  expectUnreadable([["{ local a = 1, local a = 2 }", /a is bound twice/]]);
});

test("names of fields may be made, outside of the object that they are a part of", () => {
  expectOutcomes([
    ["{ ['a' + 1]: 2 }", { a1: 2 }],
    ["local key = 'k'; { [key]: key }", { k: "k" }],
    ["{ [null]: 1, [if false then 'b']: 2, c: 3 }", { c: 3 }],
    ["{ name: 'x', inner: { [$.name]: 1, [self.name + 'y']: 2 } }", { name: "x", inner: { x: 1, xy: 2 } }],
  ]);
  expectUnreadable([
    ["{ [self.a]: 1, a: 'b' }", /inside an object only/],
    ["{ [$.a]: 1, a: 'b' }", /inside an object only/],
    ["{ [k]: 1 for k in self.names }", /inside an object only/],
    ["{ local k = 'a', [k]: 1 }", /nothing is called k/],
  ]);
  expectFailing([
    ["{ [1]: 2 }", /the name of a field has to be a string/],
    ["{ [true]: 2 }", /has to be a string/],
    ["{ ['a' + '']: 1, a: 2 }", /the field a is there twice/],
  ]);
  expectUnreadable([
    ["{ a: 1, 'a': 2 }", /the field a is written twice/],
    ["{ ['a']: 1, a: 2 }", /the field a is written twice/],
  ]);
});

test(":: hides a field from the outcome, ::: shows it again, and : leaves that as it was below", () => {
  expectOutcomes([
    ["{ a: 1, b:: 2 }", { a: 1 }],
    ["{ a:: 1 }.a", 1],
    ["{ a:: 1 } { a: 2 }", {}],
    ["{ a:: 1 } { a::: 2 }", { a: 2 }],
    ["{ a: 1 } { a:: 2 }", {}],
    ["{ a: 1 } { a:: 2 } { a: 3 }", {}],
    ["{ a::: 1 } { a: 2 }", { a: 2 }],
    ["{ a: { b:: 1, c: 2 } }", { a: { c: 2 } }],
    ["({ a:: 1 } { a: 2 }).a", 2],
    ["{ a:: error 'never made' }", {}],
  ]);
});

test("assertions hold for the object as a whole, whoever adds to it", () => {
  expectOutcomes([
    ["{ assert self.a > 0, a: 1 }", { a: 1 }],
    ["{ assert self.a > 0 : 'positive', a: -1 } { a: 1 }", { a: 1 }],
    ["{ local n = self.a, assert n == 1, a: 1 }", { a: 1 }],
    ["std.objectFields({ assert false, a: 1 })", ["a"]],
    ["{ a: { assert false }, b: 1 }.b", 1],
  ]);
  expectFailing([
    ["{ assert self.a > 0, a: -1 }", /an assertion does not hold/],
    ["{ assert self.a > 0 : 'a is ' + self.a, a: -1 }", /^a is -1$/],
    ["{ a: 1 } { assert self.a == 2 : 'changed' }", /changed/],
    ["{ assert false : 'first', assert false : 'second' }", /first/],
    ["{ assert false : 'even one field', a: 1 }.a", /even one field/],
    ["{ assert 1 }", /a condition has to be true or false/],
  ]);
});

test("objects are added: what stands on the right goes before what stands on the left", () => {
  expectOutcomes([
    ["{ a: 1, b: 2 } + { b: 3, c: 4 }", { a: 1, b: 3, c: 4 }],
    ["{ a: 1 } { b: 2 } { a: 3 }", { a: 3, b: 2 }],
    ["{} + {}", {}],
    [
      "local base = { a: 1, b: self.a + 1 }; [base, base { a: 10 }]",
      [
        { a: 1, b: 2 },
        { a: 10, b: 11 },
      ],
    ],
    ["local base = { inner: { x: $.y }, y: 1 }; base { y: 2 }", { inner: { x: 2 }, y: 2 }],
    ["(if true then { a: 1 } else {}) { b: 2 }", { a: 1, b: 2 }],
    ["{ a: { b: 1 } } { a: { c: 2 } }", { a: { c: 2 } }],
  ]);
  expectFailing([["{ a: 1 } + null", /null cannot be added to an object/]]);
});

test("super is what stands on the left, seen from the object as a whole", () => {
  expectOutcomes([
    ["{ a: 1 } { a: super.a + 1 }", { a: 2 }],
    ["{ a: 1 } { a: super.a + 1 } { a: super.a * 10 }", { a: 20 }],
    ["{ a: 1 } { b: super['a'] }", { a: 1, b: 1 }],
    ["{ a: self.n, n: 1 } { a: super.a + 1, n: 5 }", { a: 6, n: 5 }],
    ["{ a: 1 } { has: ['a' in super, 'b' in super], b: 2 }", { a: 1, has: [true, false], b: 2 }],
    ["{ f(x):: x } { f(x):: super.f(x) + 1, a: self.f(1) }", { a: 2 }],
    ["{ a: 1 } + ({ a: super.a + 1 } + { a: super.a + 1 })", { a: 3 }],
    ["local plus = { n: super.n + 1 }; { n: 1 } + plus + plus", { n: 3 }],
  ]);
  expectFailing([
    ["{ a: super.a }", /there is no field a/],
    ["{ a: 1 } { b: super.c }", /there is no field c/],
    ["{ a: 1 } { b: super[1] }", /has to be a string/],
  ]);
  expectUnreadable([
    ["super.a", /inside an object only/],
    ["self", /inside an object only/],
    ["$", /inside an object only/],
    ["local f() = self.a; f()", /inside an object only/],
    ["{ a: super }", /was expected here/],
  ]);
});

test("+: adds to the field of the same name", () => {
  expectOutcomes([
    ["{ a: 1 } { a+: 2 }", { a: 3 }],
    ["{ a: [1] } { a+: [2] } { a+: [3] }", { a: [1, 2, 3] }],
    ["{ a: 'x' } { a+: 'y' }", { a: "xy" }],
    ["{ a: { b: 1, c: { d: 1 } } } { a+: { c+: { e: 2 } } }", { a: { b: 1, c: { d: 1, e: 2 } } }],
    ["{ a+: 1 }", { a: 1 }],
    ["{ a: 1 } { a+:: 2, b: self.a }", { b: 3 }],
    ["{ a:: 1 } { a+::: 2 }", { a: 3 }],
    ["({ a:: { b: 1 } } { a+: { c: 2 } }).a", { b: 1, c: 2 }],
  ]);
  expectFailing([["{ a: null } { a+: 1 }", /a number cannot be added to null/]]);
  expectUnreadable([["{ f(x)+: 1 }", /cannot be added to another/]]);
});

test("a field is looked at by its name, and has to be there", () => {
  expectOutcomes([
    ["{ a: { 'b c': 1 } }.a['b c']", 1],
    ["local name = 'a'; { a: 2 }[name]", 2],
    ["{ '': 1 }['']", 1],
    ["{ a: null }.a", null],
  ]);
  expectFailing([
    ["{ a: 1 }.b", /there is no field b/],
    ["{ a: null }.a.b", /null has nothing inside/],
    ["{}.toString", /there is no field toString/],
    ["{}.__proto__", /there is no field __proto__/],
    ["{ a: 1 }[0]", /the name of a field has to be a string, not a number/],
    ["1 .a", /a number has nothing inside/],
    ["'abc'.length", /a place in a list has to be a number, not a string/],
  ]);
});

test("names that mean something to JavaScript are fields like any other", () => {
  expectOutcomes([
    ["std.objectFields({ __proto__: 1, constructor: 2 })", ["__proto__", "constructor"]],
    ["{ __proto__: { a: 1 } }['__proto__'].a", 1],
    ["std.manifestJsonMinified({ ['__proto__']: 1 })", '{"__proto__":1}'],
    ["'hasOwnProperty' in {}", false],
  ]);
});
