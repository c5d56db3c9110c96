import { test } from "node:test";
import { expectFailing, expectOutcomes, expectUnreadable } from "./support.ts";

test("a list is made of another by for, and of some of its items by if", () => {
  expectOutcomes([
    ["[x * x for x in [1, 2, 3]]", [1, 4, 9]],
    ["[x for x in [1, 2, 3, 4] if x > 1 if x < 4]", [2, 3]],
    ["[x + y for x in [10, 20] for y in [1, 2]]", [11, 12, 21, 22]],
    [
      "[[x, y] for x in [1, 2] if x > 1 for y in [x, x * 10]]",
      [
        [2, 2],
        [2, 20],
      ],
    ],
    ["[x for x in []]", []],
    ["[x, for x in [1]]", [1]],
    ["local n = 2; [n * x for x in [1, 2]]", [2, 4]],
    ["[x for x in [[1], [2]] for x in x]", [1, 2]],
    ["[error 'not looked at' for x in [1, 2]][0:0]", []],
    ["std.length([error 'not looked at' for x in [1, 2]])", 2],
  ]);
});

test("an object is made by for, with a name in brackets", () => {
  expectOutcomes([
    ["{ [k]: k + '!' for k in ['a', 'b'] }", { a: "a!", b: "b!" }],
    ["{ [x + y]: 1 for x in ['a', 'b'] for y in ['c', 'd'] if x + y != 'ad' }", { ac: 1, bc: 1, bd: 1 }],
    ["{ local v = k + k, [k]: v for k in ['a'] }", { a: "aa" }],
    ["{ [k]: v, local v = k for k in ['a'] }", { a: "a" }],
    ["{ [k]: self.other for k in ['a'] } { other:: 5 }", { a: 5 }],
    ["{ [if k != 'b' then k]: 1 for k in ['a', 'b', 'c'] }", { a: 1, c: 1 }],
    ["{ [null]: 1 for k in ['a', 'b'] }", {}],
    ["{ a: 1 } { [k]+: 1 for k in ['a', 'b'] }", { a: 2, b: 1 }],
    ["{ outer: 'x', inner: { [k]: $.outer for k in ['a'] } }", { outer: "x", inner: { a: "x" } }],
  ]);
  expectFailing([
    ["{ [k]: 1 for k in ['a', 'a'] }", /the field a is there twice/],
    ["{ [k]: 1 for k in [1] }", /the name of a field has to be a string/],
  ]);
});

test("for goes through lists alone, and if takes true or false", () => {
  expectFailing([
    ["[x for x in 3]", /a number has no items/],
    ["[x for x in 'abc']", /a string has no items/],
    ["[x for x in { a: 1 }]", /an object has no items/],
    ["[x for x in null]", /null has no items/],
    ["[x for x in [1] if x]", /a condition has to be true or false/],
    ["[x.a for x in [1]]", /a number has nothing inside/],
  ]);
});

test("what is no comprehension is refused", () => {
  expectUnreadable([
    ["[x if true for x in [1]]", /was expected here/],
    ["[x for x in [1], ]", /was expected here/],
    ["[x, y for x in [1]]", /cannot stand here|was expected/],
    ["[x for 1 in [1]]", /a name was expected/],
    ["[x for x of [1]]", /in was expected/],
    ["[x for y in [1]]", /nothing is called x/],
    ["[y for x in [y] for y in [1]]", /nothing is called y/],
    ["{ a: 1 for x in [1] }", /a name in brackets/],
    ["{ [x]: 1, b: 2 for x in ['a'] }", /has one field/],
    ["{ [x]: 1 for x in ['a'], b: 2 }", /was expected here/],
    ["{ [x]:: 1 for x in ['a'] }", /no hidden fields/],
    ["{ assert true, [x]: 1 for x in ['a'] }", /has one field/],
  ]);
});
