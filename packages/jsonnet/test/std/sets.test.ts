import { test } from "node:test";
import { expectFailing, expectOutcomes } from "../support.ts";

const byName = "function(x) x.name";

test("lists are sorted, equals in their order", () => {
  expectOutcomes([
    [
      "[std.sort([3, 1, 2]), std.sort(['b', 'B', 'a', 'ä']), std.sort([[2], [1, 5], [1]]), std.sort([])]",
      [[1, 2, 3], ["B", "a", "b", "ä"], [[1], [1, 5], [2]], []],
    ],
    [
      "std.sort([{ n: 2, i: 0 }, { n: 1, i: 1 }, { n: 2, i: 2 }], function(x) x.n)",
      [
        { i: 1, n: 1 },
        { i: 0, n: 2 },
        { i: 2, n: 2 },
      ],
    ],
    ["std.sort([1, 2, 3], keyF=function(x) -x)", [3, 2, 1]],
  ]);
  expectFailing([
    ["std.sort([1, 'a'])", /have no order/],
    ["std.sort([true, false])", /have no order/],
    ["std.sort('cab')", /arr has to be an array/],
  ]);
});

test("a set is sorted and holds nothing twice", () => {
  expectOutcomes([
    ["[std.uniq([1, 1, 2, 1]), std.uniq([])]", [[1, 2, 1], []]],
    ["std.uniq([{ a: 1, b: 1 }, { a: 1, b: 2 }], function(x) x.a)", [{ a: 1, b: 1 }]],
    ["[std.set([3, 1, 3, 2]), std.set([])]", [[1, 2, 3], []]],
    [
      `std.set([{ name: 'b', i: 0 }, { name: 'a', i: 1 }, { name: 'b', i: 2 }], ${byName})`,
      [
        { i: 1, name: "a" },
        { i: 0, name: "b" },
      ],
    ],
  ]);
});

test("sets have members, unions, intersections and differences; of two equals that on the left stays", () => {
  expectOutcomes([
    ["[std.setMember(2, [1, 2]), std.setMember(3, [1, 2]), std.setMember(1, [])]", [true, false, false]],
    [`std.setMember({ name: 'a' }, [{ name: 'a', i: 1 }], ${byName})`, true],
    [
      "[std.setUnion([1, 3], [2, 3]), std.setInter([1, 2, 3], [2, 3, 4]), std.setDiff([1, 2, 3], [2])]",
      [
        [1, 2, 3],
        [2, 3],
        [1, 3],
      ],
    ],
    ["[std.setUnion([], []), std.setInter([1], []), std.setDiff([], [1])]", [[], [], []]],
    [
      `std.setUnion([{ name: 'a', of: 'left' }], [{ name: 'a', of: 'right' }, { name: 'b' }], ${byName})`,
      [{ name: "a", of: "left" }, { name: "b" }],
    ],
    [`std.setInter([{ name: 'a', of: 'left' }], [{ name: 'a', of: 'right' }], ${byName})`, [{ name: "a", of: "left" }]],
    [`std.setDiff([{ name: 'a' }, { name: 'b' }], [{ name: 'b' }], ${byName})`, [{ name: "a" }]],
  ]);
});

test("the smallest and the largest item, the first of equals", () => {
  expectOutcomes([
    ["[std.minArray([3, 1, 2]), std.maxArray(['a', 'c', 'b'])]", [1, "c"]],
    [
      "[std.minArray([{ n: 1, i: 0 }, { n: 1, i: 1 }], function(x) x.n).i, std.maxArray([{ n: 1, i: 0 }, { n: 1, i: 1 }], function(x) x.n).i]",
      [0, 0],
    ],
    [
      "[std.minArray([], onEmpty='none'), std.maxArray([], onEmpty=null), std.maxArray([1], onEmpty=error 'not looked at')]",
      ["none", null, 1],
    ],
  ]);
  expectFailing([
    ["std.minArray([])", /an empty list has no smallest/],
    ["std.maxArray([], onEmpty=error 'nobody there')", /^nobody there$/],
    ["std.minArray([1, 'a'])", /have no order/],
  ]);
});
