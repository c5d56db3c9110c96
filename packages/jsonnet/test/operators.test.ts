import { test } from "node:test";
import { expectFailing, expectOutcomes, expectUnreadable } from "./support.ts";

test("arithmetic is that of doubles, and has neither infinity nor NaN", () => {
  expectOutcomes([
    ["[1 + 2, 3 - 5, 4 * 2.5, 7 / 2]", [3, -2, 10, 3.5]],
    ["[7 % 3, -7 % 3, 7 % -3, 5.5 % 2]", [1, -1, 1, 1.5]],
    ["0.1 + 0.2", 0.300_000_000_000_000_04],
    ["[-3, +3, - -3, -(2)]", [-3, 3, 3, -2]],
  ]);
  expectFailing([
    ["1 / 0", /divided by zero/],
    ["0 / 0", /divided by zero/],
    ["1 % 0", /divided by zero/],
    ["1e308 * 10", /too large/],
    ["-1e308 - 1e308", /too large/],
    ["1 - 'a'", /- takes two numbers, not a number and a string/],
    ["null * 2", /\* takes two numbers, not null and a number/],
    ["-'a'", /- takes a number, not a string/],
    ["+{}", /\+ takes a number, not an object/],
    ["!0", /! takes true or false, not a number/],
  ]);
});

test("bits are those of whole numbers of 64", () => {
  expectOutcomes([
    ["[5 & 3, 5 | 3, 5 ^ 3, ~5, ~-1]", [1, 7, 6, -6, 0]],
    ["[1 << 3, 8 >> 1, -8 >> 1, -1 >> 63]", [8, 4, -4, -1]],
    ["1 << 62", 4_611_686_018_427_387_904],
    ["[1.9 & 3, ~1.5]", [1, -2]],
    ["-1 & 255", 255],
  ]);
  expectFailing([
    ["1 << -1", /less than zero/],
    ["1 >> -1", /less than zero/],
    ["1e17 & 1", /too large to be seen as bits/],
    ["'a' & 1", /& takes two numbers/],
    ["~null", /~ takes a number/],
  ]);
});

test("+ adds what is alike, and to a string whatever there is", () => {
  expectOutcomes([
    ["'a' + 'b'", "ab"],
    ["[1] + [2, 3]", [1, 2, 3]],
    ["{ a: 1 } + { b: 2 }", { a: 1, b: 2 }],
    ["'n: ' + 1.5", "n: 1.5"],
    ["1 + '!'", "1!"],
    ["'' + null + true + [1, 'x'] + { b: 1 }", 'nulltrue[1, "x"]{"b": 1}'],
    ["'' + [] + {}", "[ ]{ }"],
  ]);
  expectFailing([
    ["null + null", /null cannot be added to null/],
    ["true + 1", /a number cannot be added to a boolean/],
    ["[1] + 2", /a number cannot be added to an array/],
    ["{ a: 1 } + [1]", /an array cannot be added to an object/],
    ["'a' + function() 1", /function/],
  ]);
});

test("equality looks into lists and at shown fields, and tells types apart", () => {
  expectOutcomes([
    ["[1 == 1.0, 1 == '1', null == false, 'a' != 'b']", [true, false, false, true]],
    ["[1, [2, { a: 3 }]] == [1, [2, { a: 3 }]]", true],
    ["{ a: 1, b:: 2 } == { a: 1, b:: 3 }", true],
    ["{ a: 1, b: 2 } == { a: 1 }", false],
    ["[1] == [1, 2]", false],
    ["(function() 1) == 1", false],
    ["0 == -0", true],
  ]);
  expectFailing([
    ["(function() 1) == (function() 1)", /functions cannot be compared/],
    ["{ assert false : 'odd', a: 1 } == { a: 1 }", /odd/],
  ]);
});

test("numbers, strings and lists have an order", () => {
  expectOutcomes([
    ["[1 < 2, 2 <= 2, 3 > 4, 4 >= 4]", [true, true, false, true]],
    ["['a' < 'b', 'B' < 'a', '' < 'a', 'ab' < 'abc']", [true, true, true, true]],
    ["[[1, 2] < [1, 3], [1] < [1, 0], [[1]] < [[2]], [] < [1]]", [true, true, true, true]],
    // By code point, not by UTF-16 unit: U+1F600 comes after U+FFFF.
    [`"\\uffff" < "😀" && "😀" > "\\uffff" && "a😀" > "a"`, true],
  ]);
  expectFailing([
    ["1 < 'a'", /a number and a string have no order/],
    ["null < null", /have no order/],
    ["true < false", /have no order/],
    ["{} < {}", /have no order/],
    ["[1] < ['a']", /a number and a string have no order/],
  ]);
});

test("&& and || look at the right side only if they must", () => {
  expectOutcomes([
    ["[true && false, false || true, !true || true]", [false, true, true]],
    ["false && error 'not looked at'", false],
    ["true || error 'not looked at'", true],
  ]);
  expectFailing([
    ["1 && true", /a condition has to be true or false, not of type number/],
    ["true && 1", /a condition has to be true or false/],
    ["false || null", /not of type null/],
  ]);
});

test("`in` tells whether an object has a field, hidden or not", () => {
  expectOutcomes([
    ["['a' in { a: 1 }, 'b' in { b:: 1 }, 'c' in { a: 1 }]", [true, true, false]],
    ["'a' in { a: error 'not looked at' }", true],
    ["!('a' in {})", true],
  ]);
  expectFailing([
    ["1 in { a: 1 }", /takes a name and an object/],
    ["'a' in ['a']", /takes a name and an object/],
  ]);
});

test("a string on the left of % is a template", () => {
  expectOutcomes([
    ["'%s is %d' % ['Ada', 36]", "Ada is 36"],
    ["'%s!' % 'Ada'", "Ada!"],
    ["'%(name)s' % { name: 'Ada' }", "Ada"],
  ]);
});

test("what binds tighter goes first, and among equals the left one", () => {
  expectOutcomes([
    ["2 + 3 * 4 - 6 / 2", 11],
    ["(2 + 3) * 4", 20],
    ["10 - 4 - 3", 3],
    ["100 / 10 / 5", 2],
    ["1 + 2 << 3", 24],
    ["1 << 2 + 3", 32],
    ["1 | 2 ^ 3 & 4", 3],
    ["2 + 3 == 5 && 1 < 2 || error 'no'", true],
    ["1 < 2 == true", true],
    ["'a' in { a: 1 } == true", true],
    ["-1 + -2 * -3", 5],
    ["-{ a: 2 }.a", -2],
    ["!true == false", true],
    ["true || false && false", true],
  ]);
  expectFailing([["1 < 2 < 3", /a boolean and a number have no order/]]);
});

test("what reaches as far to the right as it can may stand behind an operator", () => {
  expectOutcomes([
    ["1 + local x = 2; x * 3", 7],
    ["1 + if true then 2 else 3 + 4", 3],
    ["!if true then false else true", true],
    ["[1] + local f(x) = [x]; f(2) + f(3)", [1, 2, 3]],
    ["{ f: 1 + (function(x) x)(2) }", { f: 3 }],
  ]);
});

test("signs that mean nothing are refused", () => {
  expectUnreadable([
    ["1 +", /ends too early/],
    ["&& true", /&& cannot stand here/],
    ["1 === 1", /cannot stand here/],
    ["1 <> 2", /cannot stand here/],
    ["1 ** 2", /cannot stand here/],
    ["a ? b : c", /means nothing/],
    ["(1", /ends too early/],
    ["1)", /\) cannot stand here/],
    ["'a' 'b'", /b cannot stand here/],
    ["--", /ends too early/],
  ]);
});

test("operators need no blanks around them, but for those that run into another one", () => {
  expectOutcomes([
    ["1+-1", 0],
    ["1==-1", false],
    ["true||!true", true],
    ["1--1", 2],
    ["{a:-1,b:!true,c::+1}", { a: -1, b: false }],
  ]);
});
