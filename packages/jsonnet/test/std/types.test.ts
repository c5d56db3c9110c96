import { test } from "node:test";
import { expectFailing, expectOutcomes } from "../support.ts";

const each = "[null, true, 1, 'a', [], {}, function(x) x]";

test("types", () => {
  expectOutcomes([
    [`[std.type(x) for x in ${each}]`, ["null", "boolean", "number", "string", "array", "object", "function"]],
    [`[std.isNull(x) for x in ${each}]`, [true, false, false, false, false, false, false]],
    [`[std.isBoolean(x) for x in ${each}]`, [false, true, false, false, false, false, false]],
    [`[std.isNumber(x) for x in ${each}]`, [false, false, true, false, false, false, false]],
    [`[std.isString(x) for x in ${each}]`, [false, false, false, true, false, false, false]],
    [`[std.isArray(x) for x in ${each}]`, [false, false, false, false, true, false, false]],
    [`[std.isObject(x) for x in ${each}]`, [false, false, false, false, false, true, false]],
    [`[std.isFunction(x) for x in ${each}]`, [false, false, false, false, false, false, true]],
  ]);
});

test("length: of characters, items, shown fields, parameters", () => {
  expectOutcomes([
    [
      "[std.length('añ😀'), std.length([1, 2]), std.length({ a: 1, b:: 2 }), std.length(function(x, y=1) x)]",
      [3, 2, 1, 2],
    ],
  ]);
  expectFailing([
    ["std.length(1)", /a number has no length/],
    ["std.length(null)", /null has no length/],
    ["std.length(true)", /a boolean has no length/],
  ]);
});

test("toString: strings as they are, all else as JSON on a line", () => {
  expectOutcomes([
    ["std.toString('a\"b')", 'a"b'],
    ["std.toString([1, 'a', null, { b: true }, [], {}])", '[1, "a", null, {"b": true}, [ ], { }]'],
    ["std.toString({ b:: 1, a: self.b })", '{"a": 1}'],
    [
      "[std.toString(1), std.toString(-1.5), std.toString(1e21), std.toString(-0)]",
      ["1", "-1.5", "1000000000000000000000", "-0"],
    ],
    // What differs has different texts: 17 digits are needed for that.
    [
      "[std.toString(0.1), std.toString(1 / 3), std.toString(0.0000001)]",
      ["0.10000000000000001", "0.33333333333333331", "9.9999999999999995e-08"],
    ],
  ]);
  expectFailing([["std.toString(function(x) x)", /function/]]);
});

test("equals, primitiveEquals and assertEqual", () => {
  expectOutcomes([
    ["[std.equals([1, { a: 2 }], [1, { a: 2 }]), std.equals(1, '1')]", [true, false]],
    ["[std.primitiveEquals('a', 'a'), std.primitiveEquals(null, false)]", [true, false]],
    ["std.assertEqual([1], [1])", true],
    ["std.id(['same'])", ["same"]],
  ]);
  expectFailing([
    ["std.assertEqual({ a: 1 }, { a: 2 })", /^{"a": 1} is not {"a": 2}$/],
    ["std.primitiveEquals([], [])", /does not look into an array/],
    ["std.equals(std.id, std.id)", /functions cannot be compared/],
  ]);
});
