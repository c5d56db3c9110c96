import { test } from "node:test";
import { expectFailing, expectOutcomes } from "../support.ts";

test("lists are made, repeated and cut", () => {
  expectOutcomes([
    ["std.makeArray(3, function(i) i * i)", [0, 1, 4]],
    ["[std.makeArray(0, function(i) i), std.length(std.makeArray(2, function(i) error 'not looked at'))]", [[], 2]],
    ["[std.range(1, 3), std.range(2, 2), std.range(3, 1)]", [[1, 2, 3], [2], []]],
    ["[std.repeat([1, 2], 2), std.repeat('ab', 3), std.repeat('ab', 0)]", [[1, 2, 1, 2], "ababab", ""]],
    [
      "[std.slice([0, 1, 2, 3, 4], 1, 4, 2), std.slice('hello', 0, 3, 1), std.slice([1, 2, 3], -2, null, null)]",
      [[1, 3], "hel", [2, 3]],
    ],
    [
      "[std.reverse([1, 2, 3]), std.remove([1, 2, 1], 1), std.remove([1], 5), std.removeAt([1, 2, 3], 1)]",
      [[3, 2, 1], [2, 1], [1], [1, 3]],
    ],
  ]);
  expectFailing([
    ["std.makeArray(-1, function(i) i)", /less than no items/],
    ["std.makeArray(1.5, function(i) i)", /a whole number is needed/],
    ["std.range(0.5, 2)", /a whole number is needed/],
    ["std.repeat(1, 2)", /a list is needed, not a number/],
    ["std.repeat('a', -1)", /less than zero times/],
    ["std.reverse('abc')", /arr has to be an array/],
  ]);
});

test("something is looked for", () => {
  expectOutcomes([
    [
      "[std.member([1, 2], 2), std.member([1], '1'), std.member('abc', 'bc'), std.contains([[1]], [1])]",
      [true, false, true, true],
    ],
    ["[std.count([1, 2, 1], 1), std.find(1, [1, 2, 1]), std.find({ a: 1 }, [{ a: 1 }])]", [2, [0, 2], [0]]],
    ["[std.all([]), std.all([true, false]), std.any([]), std.any([false, true])]", [true, false, false, true]],
    // No more is looked at than it takes to know.
    ["[std.any([true, error 'no']), std.all([false, error 'no'])]", [true, false]],
  ]);
  expectFailing([
    ["std.member({ a: 1 }, 'a')", /a list is needed, not an object/],
    ["std.contains('ab', 'a')", /arr has to be an array/],
    ["std.all([1])", /true or false is needed, not a number/],
    ["std.find('a', 'banana')", /arr has to be an array/],
  ]);
});

test("lists are mapped, filtered and folded; many functions take the characters of a string as well", () => {
  expectOutcomes([
    [
      "[std.map(function(x) x + 1, [1, 2]), std.map(function(c) c + '.', 'ab')]",
      [
        [2, 3],
        ["a.", "b."],
      ],
    ],
    [
      "[std.mapWithIndex(function(i, x) [i, x], ['a', 'b']), std.mapWithIndex(function(i, c) i + c, 'ab')]",
      [
        [
          [0, "a"],
          [1, "b"],
        ],
        ["0a", "1b"],
      ],
    ],
    ["std.filter(function(x) x > 1, [1, 2, 3])", [2, 3]],
    ["std.filterMap(function(x) x > 1, function(x) x * 2, [1, 2, 3])", [4, 6]],
    [
      "[std.flatMap(function(x) [x, x * 10], [1, 2]), std.flatMap(function(c) c + c, 'ab'), std.flatMap(function(x) if x > 1 then [x], [1, 2])]",
      [[1, 10, 2, 20], "aabb", [2]],
    ],
    [
      "[std.foldl(function(acc, x) acc + x, 'abc', '>'), std.foldr(function(x, acc) acc + x, 'abc', '>')]",
      [">abc", ">cba"],
    ],
    [
      "[std.foldl(function(acc, x) acc - x, [1, 2], 10), std.foldr(function(x, acc) x - acc, [1, 2], 10), std.foldl(function(acc, x) 'no', [], 'start')]",
      [7, 9, "start"],
    ],
    ["std.length(std.map(function(x) error 'not looked at', [1, 2]))", 2],
  ]);
  expectFailing([
    ["std.map(function(x) x, {})", /a list is needed, not an object/],
    ["std.filter(function(x) 1, [1])", /true or false is needed, not a number/],
    ["std.filter(function(c) true, 'abc')", /arr has to be an array/],
    ["std.flatMap(function(x) 1, [1])", /a list is needed, not a number/],
    ["std.map(function(x, y) x, [1])", /the parameter y is missing/],
    ["std.mapWithIndex(function(x) x, [1])", /a function of 1 parameters got 2/],
  ]);
});

test("lists are joined, without what is null", () => {
  expectOutcomes([
    ["[std.join(', ', ['a', 'b']), std.join(',', []), std.join(',', ['a', null, 'b'])]", ["a, b", "", "a,b"]],
    [
      "[std.join([0], [[1], [2, 3], null, []]), std.join([], [[1], [2]])]",
      [
        [1, 0, 2, 3, 0],
        [1, 2],
      ],
    ],
    ["[std.lines(['a', null, 'b']), std.lines([])]", ["a\nb\n", ""]],
    ["[std.deepJoin(['a', ['b', ['c']]]), std.deepJoin('a')]", ["abc", "a"]],
    [
      "[std.flattenArrays([[1], [2, [3]], []]), std.flattenDeepArray([[1, [2]], [[[3]]]]), std.flattenDeepArray(1)]",
      [[1, 2, [3]], [1, 2, 3], [1]],
    ],
  ]);
  expectFailing([
    ["std.join(',', ['a', 1])", /a string is needed, not a number/],
    ["std.join([0], ['a'])", /a list is needed, not a string/],
    ["std.join(1, [[2]])", /a list is needed, not a number/],
    ["std.lines([1])", /a string is needed, not a number/],
    ["std.deepJoin([1])", /a string is needed, not a number/],
    ["std.flattenArrays([1])", /a list is needed, not a number/],
  ]);
});

test("sums and averages", () => {
  expectOutcomes([["[std.sum([1, 2.5]), std.sum([]), std.avg([1, 2])]", [3.5, 0, 1.5]]]);
  expectFailing([
    ["std.sum(['a'])", /a number is needed, not a string/],
    ["std.avg([])", /an empty list has no average/],
  ]);
});
