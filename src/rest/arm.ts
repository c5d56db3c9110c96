import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescOneof, JsonValue } from "@bufbuild/protobuf";
import { readCheckbox } from "../text/boolean.ts";
import { shapeOf } from "./shape.ts";

type Members = ReadonlyMap<string, JsonValue>;

/** Tells which arm of a flat oneof a body is about. */
export interface Arms {
  /** The arm of this name. */
  named(word: string): DescField | undefined;
  /** The arm whose button was pressed. */
  selected(members: Members): DescField | undefined;
  /** The only arm that fields say something about. */
  implied(members: Members): DescField | undefined;
}

/** A field by which an arm is known; a flag that says no tells of none. */
interface Sign {
  readonly arm: DescField;
  readonly flag: boolean;
  readonly blank: string;
}

/** The arms of a oneof, by what the contract says of their fields. */
export function armsOf(oneof: DescOneof): Arms {
  const words = new Map<string, DescField>();
  const selectors = new Map<string, Sign>();
  const implications = new Map<string, Sign>();
  for (const arm of oneof.fields) {
    const { name, aliases } = shapeOf(arm);
    for (const word of [name, ...aliases]) words.set(word, arm);
    for (const field of arm.message?.fields ?? []) {
      const shape = shapeOf(field);
      const sign = { arm, flag: field.scalar === ScalarType.BOOL, blank: shape.blank };
      if (shape.selects) selectors.set(shape.name, sign);
      if (shape.implies) implications.set(shape.name, sign);
    }
  }
  return {
    named: (word) => words.get(word),
    selected: (members) => armsBehind(members, selectors)[0],
    implied(members) {
      const [only, ...others] = new Set(armsBehind(members, implications));
      return others.length ? undefined : only;
    },
  };
}

const armsBehind = (members: Members, signs: ReadonlyMap<string, Sign>): DescField[] =>
  [...members].flatMap(([name, value]) => {
    const sign = signs.get(name);
    return sign && saysSomething(value, sign) ? [sign.arm] : [];
  });

/** Whether a field was filled in, or a button pressed: forms send along what was not. */
function saysSomething(value: JsonValue, sign: Sign): boolean {
  const { flag, blank } = sign;
  if (Array.isArray(value)) return value.some((one) => saysSomething(one, sign));
  return (
    value !== "" &&
    value !== blank &&
    value !== null &&
    value !== false &&
    !(flag && typeof value === "string" && readCheckbox(value) === false)
  );
}
