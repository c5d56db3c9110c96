import { test } from "node:test";
import { expectFailing, expectOutcomes, expectUnreadable } from "./support.ts";

test("local names what follows it, itself and its neighbours included", () => {
  expectOutcomes([
    ["local x = 1; x + x", 2],
    ["local a = b + 1, b = 2; a", 3],
    ["local x = 1; local x = 2; x", 2],
    ["local x = 1; [local x = 2; x, x]", [2, 1]],
    ["local unused = error 'not looked at'; 1", 1],
    ["local list = [1, list[0] + 1]; list", [1, 2]],
  ]);
  expectUnreadable([
    ["local x = 1", /ends too early/],
    ["local x = 1, x = 2; x", /x is bound twice/],
    ["local x; x", /= was expected/],
    ["local 1 = 2; 3", /a name was expected/],
    ["local std = 1, y = z; y", /nothing is called z/],
  ]);
});

test("if without else is null where it does not hold", () => {
  expectOutcomes([
    ["if 1 < 2 then 'yes' else 'no'", "yes"],
    ["if 1 > 2 then 'yes'", null],
    ["if true then 1 else error 'not looked at'", 1],
    ["if false then 1 else if true then 2 else 3", 2],
    ["[if x > 1 then x for x in [1, 2]]", [null, 2]],
  ]);
  expectFailing([
    ["if 1 then 2", /a condition has to be true or false, not of type number/],
    ["if null then 2", /not of type null/],
  ]);
  expectUnreadable([
    ["if true 1", /then was expected/],
    ["if true then", /ends too early/],
  ]);
});

test("a function takes arguments by order or by name, and makes what is left out", () => {
  expectOutcomes([
    ["(function(x) x * 2)(4)", 8],
    ["local f(x, y) = x - y; [f(5, 3), f(y=5, x=3), f(5, y=3)]", [2, -2, 2]],
    [
      "local f(x, y=x * 2) = [x, y]; [f(1), f(1, 5), f(y=0, x=9)]",
      [
        [1, 2],
        [1, 5],
        [9, 0],
      ],
    ],
    ["local f(x=y, y=2) = [x, y]; f()", [2, 2]],
    ["local f() = 3; f()", 3],
    ["local f(x,) = x; f(1,)", 1],
    ["local k(x) = 1; k(error 'not looked at')", 1],
    ["{ f(x, y=self.n):: x + y, n:: 2, a: self.f(1) }", { a: 3 }],
  ]);
  expectFailing([
    ["(function(x) x)()", /the parameter x is missing/],
    ["(function(x) x)(1, 2)", /a function of 1 parameters got 2/],
    ["(function(x) x)(y=1)", /there is no parameter y/],
    ["(function(x) x)(1, x=2)", /the parameter x is given twice/],
    ["1(2)", /a number cannot be called/],
    ["{ a: 1 }.a()", /a number cannot be called/],
    ["(function(x) 1)(error 'looked at') tailstrict", /^looked at$/],
  ]);
  expectUnreadable([
    ["function(x, x) x", /two parameters have the same name/],
    ["local f(x, y) = x; f(y=1, 2)", /by order cannot follow one by name/],
    ["function(1) 2", /a name was expected/],
    ["function x", /\( was expected/],
    ["function(x) y", /nothing is called y/],
  ]);
});

test("functions are values: they are given, returned, and remember where they were made", () => {
  expectOutcomes([
    ["local add(x) = function(y) x + y; add(1)(2)", 3],
    ["local twice(f) = function(x) f(f(x)); twice(function(x) x * 3)(2)", 18],
    ["local o = { f: function(x) x + 1, n:: self.f(1) }; o.n", 2],
    ["[f(10) for f in [function(x) x + 1, function(x) x * 2]]", [11, 20]],
    ["local compose(f, g) = function(x) f(g(x)); std.map(compose(std.length, std.toString), [1, 100])", [1, 3]],
  ]);
  expectFailing([["{ a: { b: [function(x) x] } }", /a function cannot be a part of the outcome/]]);
});

test("functions call themselves", () => {
  expectOutcomes([
    ["local fact(n) = if n <= 1 then 1 else n * fact(n - 1); fact(10)", 3_628_800],
    ["local even(n) = n == 0 || odd(n - 1), odd(n) = n != 0 && even(n - 1); [even(10), odd(10)]", [true, false]],
    ["local fib(n) = if n < 2 then n else fib(n - 1) + fib(n - 2); fib(15)", 610],
    ["local sum(n, acc=0) = if n == 0 then acc else sum(n - 1, acc + n) tailstrict; sum(200)", 20_100],
  ]);
});

test("assert lets through what follows where it holds", () => {
  expectOutcomes([
    ["assert 1 < 2; 'through'", "through"],
    ["assert true : error 'not looked at'; 1", 1],
    ["local positive(n) = assert n > 0 : n + ' is not positive'; n; positive(3)", 3],
  ]);
  expectFailing([
    ["assert 1 > 2; 'through'", /an assertion does not hold/],
    ["local positive(n) = assert n > 0 : n + ' is not positive'; n; positive(-3)", /^-3 is not positive$/],
    ["assert 1; 2", /a condition has to be true or false/],
  ]);
});

test("error ends a program with any value, as text", () => {
  expectFailing([
    ["error 'cancel'", /^cancel$/],
    ["error { code: 7 }", /^{"code": 7}$/],
    ["error null", /^null$/],
    ["[1, error 'in a list']", /^in a list$/],
    ["error error 'inner'", /^inner$/],
  ]);
});

test("places in lists and strings are counted from zero, and have to be there", () => {
  expectOutcomes([
    ["[[10, 20][0], [10, 20][1]]", [10, 20]],
    ["'añ😀b'[2] + 'abc'[0]", "😀a"],
    ["[[1, 2], [3, 4]][1][0]", 3],
    ["{ a: [1, { b: 2 }] }.a[1].b", 2],
  ]);
  expectFailing([
    ["[1][1]", /there is no place 1 in a list of 1/],
    ["[1][-1]", /there is no place -1/],
    ["[1][0.5]", /there is no place 0.5/],
    ["[][0]", /in a list of 0/],
    ["'abc'[3]", /there is no place 3 in a list of 3/],
    ["[1]['a']", /a place in a list has to be a number/],
    ["null[0]", /null has nothing inside/],
  ]);
  expectUnreadable([["[1][]", /an index is missing/]]);
});

test("slices are taken from, up to and by steps; a negative bound counts from the end", () => {
  expectOutcomes([
    ["[0, 1, 2, 3, 4][1:3]", [1, 2]],
    ["[0, 1, 2, 3, 4][:2]", [0, 1]],
    ["[0, 1, 2, 3, 4][3:]", [3, 4]],
    ["[0, 1, 2, 3, 4][::2]", [0, 2, 4]],
    ["[0, 1, 2, 3, 4][1::2]", [1, 3]],
    ["[0, 1, 2, 3, 4][:4:3]", [0, 3]],
    ["[0, 1, 2, 3, 4][-2:]", [3, 4]],
    ["[0, 1, 2, 3, 4][:-1]", [0, 1, 2, 3]],
    ["[0, 1, 2, 3, 4][10:]", []],
    ["[0, 1, 2, 3, 4][3:1]", []],
    ["[0, 1, 2][:]", [0, 1, 2]],
    ["[0, 1, 2][null:2]", [0, 1]],
    ["'hello'[1:3] + 'hello'[-2:] + 'hello'[::2]", "ellohlo"],
  ]);
  expectFailing([
    ["[1][::0]", /the step of a slice has to be one or more/],
    ["[1][::-1]", /the step of a slice/],
    ["[1]['a':]", /the bounds of a slice are numbers/],
    ["1[1:2]", /a number cannot be sliced/],
    ["{ a: 1 }[0:1]", /an object cannot be sliced/],
  ]);
  expectUnreadable([
    ["[1][::1:1]", /three bounds at most/],
    ["[1][1 2]", /cannot stand here/],
  ]);
});
