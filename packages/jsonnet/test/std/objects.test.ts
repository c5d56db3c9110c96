import { test } from "node:test";
import { expectFailing, expectOutcomes } from "../support.ts";

test("get: a field, or what stands in its place", () => {
  expectOutcomes([
    [
      "[std.get({ a: 1 }, 'a'), std.get({ a: 1 }, 'b'), std.get({ a: 1 }, 'b', 9), std.get({ a: null }, 'a', 9)]",
      [1, null, 9, null],
    ],
    [
      "[std.get({ a:: 1 }, 'a'), std.get({ a:: 1 }, 'a', 9, false), std.get({ a:: 1 }, 'a', inc_hidden=false)]",
      [1, 9, null],
    ],
    ["std.get({ a: 1 }, 'a', error 'not looked at')", 1],
    ["std.get({}, 'toString')", null],
  ]);
  expectFailing([
    ["std.get([], 'a')", /o has to be an object/],
    ["std.get({}, 'a', error 'looked at')", /^looked at$/],
  ]);
});

test("names and values, with hidden fields or without", () => {
  const object = "{ b: 1, a: 2, h:: 3 }";
  expectOutcomes([
    [
      `[std.objectFields(${object}), std.objectFieldsAll(${object}), std.objectFieldsEx(${object}, true), std.objectFieldsEx(${object}, false)]`,
      [
        ["a", "b"],
        ["a", "b", "h"],
        ["a", "b", "h"],
        ["a", "b"],
      ],
    ],
    [
      `[std.objectValues(${object}), std.objectValuesAll(${object})]`,
      [
        [2, 1],
        [2, 1, 3],
      ],
    ],
    [
      `std.objectKeysValues(${object})`,
      [
        { key: "a", value: 2 },
        { key: "b", value: 1 },
      ],
    ],
    [`std.length(std.objectKeysValuesAll(${object}))`, 3],
    [
      `[std.objectHas(${object}, 'h'), std.objectHasAll(${object}, 'h'), std.objectHasEx(${object}, 'h', true), std.objectHasEx(${object}, 'h', false), std.objectHas(${object}, 'a')]`,
      [false, true, true, false, true],
    ],
    ["std.objectFields({ 'é': 1, z: 2, '😀': 3, Z: 4, '': 5, '10': 6, '9': 7 })", ["", "10", "9", "Z", "z", "é", "😀"]],
    ["std.length(std.objectValues({ a: error 'not looked at' }))", 1],
  ]);
});

test("objects are changed by making others", () => {
  expectOutcomes([
    ["std.objectRemoveKey({ a: 1, b: self.a, h:: 2 }, 'a')", { b: 1 }],
    ["std.objectRemoveKey({ a: 1, h:: 2 }, 'a').h", 2],
    ["std.objectRemoveKey({ a: 1 }, 'z')", { a: 1 }],
    ["std.mapWithKey(function(name, value) name + value, { a: 1, b: 2, h:: 3 })", { a: "a1", b: "b2" }],
    ["std.mapWithKey(function(name, value) error 'not looked at', { a: 1 }) { a: 2 }", { a: 2 }],
  ]);
});

test("mergePatch is RFC 7396", () => {
  expectOutcomes([
    ["std.mergePatch({ a: 1, b: { c: 2, d: 3 } }, { a: null, b: { c: 4 }, e: 5 })", { b: { c: 4, d: 3 }, e: 5 }],
    ["std.mergePatch({ a: [1, 2] }, { a: [3] })", { a: [3] }],
    ["std.mergePatch({ a: 'text' }, { a: { b: 1, c: null } })", { a: { b: 1 } }],
    [
      "[std.mergePatch(1, { a: { b: null } }), std.mergePatch({ a: 1 }, 2), std.mergePatch({ a: 1 }, null)]",
      [{ a: {} }, 2, null],
    ],
    ["std.mergePatch({ h:: 1, a: 2 }, { h:: null })", { a: 2 }],
  ]);
});

test("prune leaves out what holds nothing, however deep", () => {
  expectOutcomes([
    [
      "std.prune({ a: null, b: [null, 1, [], {}], c: { d: null }, e: '', f: 0, g: false })",
      { b: [1], e: "", f: 0, g: false },
    ],
    ["[std.prune(null), std.prune([{}]), std.prune('a')]", [null, [], "a"]],
  ]);
});
