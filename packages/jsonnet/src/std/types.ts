import { lengthOf } from "../characters.ts";
import { fail } from "../error.ts";
import { described, JsonnetFunction, JsonnetObject, type TypeName, typeOf, type Value } from "../value.ts";
import { native } from "./native.ts";

const is = (type: TypeName) => native([["v", "any"]], (_, value) => typeOf(value) === type);

/** What kind of value something is. */
export const types = {
  isArray: is("array"),
  isBoolean: is("boolean"),
  isFunction: is("function"),
  isNull: is("null"),
  isNumber: is("number"),
  isObject: is("object"),
  isString: is("string"),
  type: native([["x", "any"]], (_, value) => typeOf(value)),
  length: native([["x", "any"]], (_, value) => size(value)),
  id: native([["x", "any"]], (_, value) => value),
  toString: native([["a", "any"]], ({ operators }, value) => operators.text(value)),
  primitiveEquals: native(
    [
      ["x", "any"],
      ["y", "any"],
    ],
    ({ operators }, left, right) => {
      if (typeof left === "object" && left !== null) fail(`primitiveEquals does not look into ${described(left)}`);
      return operators.equal(left, right);
    },
  ),
  equals: native(
    [
      ["a", "any"],
      ["b", "any"],
    ],
    ({ operators }, left, right) => operators.equal(left, right),
  ),
  assertEqual: native(
    [
      ["a", "any"],
      ["b", "any"],
    ],
    ({ operators }, left, right) =>
      operators.equal(left, right) || fail(`${operators.text(left)} is not ${operators.text(right)}`),
  ),
  /** There is nobody to read it: what is traced is passed on. */
  trace: native(
    [
      ["str", "string"],
      ["rest", "any"],
    ],
    (_, _said, rest) => rest,
  ),
};

function size(value: Value): number {
  if (typeof value === "string") return lengthOf(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof JsonnetObject) return value.names().length;
  if (value instanceof JsonnetFunction) return value.slots.length;
  return fail(`${described(value)} has no length`);
}
