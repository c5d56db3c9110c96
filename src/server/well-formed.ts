import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescOneof, JsonValue, Message } from "@bufbuild/protobuf";
import type { Timestamp, Value } from "@bufbuild/protobuf/wkt";
import {
  deepestJson as deepest,
  firstOf,
  jsonFault,
  numberFault,
  sizeFault,
  textFault,
  tooDeep,
} from "../text/json-fault.ts";
import type { Extent } from "../text/json-fault.ts";

type Check = (value: never) => string | undefined;
type Fields = Record<string, unknown>;

const earliest = -62_135_596_800n;
const latest = 253_402_300_799n;
const checks = new Map<string, Check>();

/**
 * The function that says what a field holds that no call may hold, whatever protocol brought it: text that no database
 * takes, words that the contract does not list, numbers that are none, JSON without end. Not every protocol can carry
 * all of these: where one can, it must not lead elsewhere.
 */
export const faultFinder = (field: DescField): ((message: Message) => string | undefined) => fieldCheck(field) as never;

function messageCheck(desc: DescMessage): Check {
  const known = special[desc.typeName] ?? checks.get(desc.typeName);
  if (known) return known;
  const parts: Check[] = [];
  const check = (message: Fields) => firstOf(parts, (part) => part(message as never));
  // Known before its fields are looked at, since messages may hold themselves.
  checks.set(desc.typeName, check as Check);
  for (const field of desc.fields) if (!field.oneof) parts.push(fieldCheck(field));
  for (const oneof of desc.oneofs) parts.push(oneofCheck(oneof));
  return check as Check;
}

function oneofCheck({ localName, fields }: DescOneof): Check {
  const arms = new Map(fields.map((field) => [field.localName, elementCheck(field)]));
  return (message: Fields) => {
    const { case: chosen, value } = message[localName] as { case?: string; value?: never };
    return chosen === undefined ? undefined : arms.get(chosen)?.(value as never);
  };
}

function fieldCheck(field: DescField): Check {
  const element = elementCheck(field);
  const key = field.localName;
  if (field.fieldKind === "list") return (message: Fields) => firstOf(message[key] as never[], element);
  if (field.fieldKind === "map")
    return (message: Fields) =>
      firstOf(Object.entries(message[key] as Fields), ([name, value]) => textFault(name) ?? element(value as never));
  return (message: Fields) => (message[key] === undefined ? undefined : element(message[key] as never));
}

function elementCheck(field: DescField): Check {
  if (field.message) {
    const { message } = field;
    // Only as a field of its own does a Struct stand as plain JSON.
    if (message.typeName === "google.protobuf.Struct" && field.fieldKind === "message" && !field.oneof)
      return (json: JsonValue) => jsonFault(json);
    let check: Check | undefined;
    return (value) => (check ??= messageCheck(message))(value);
  }
  if (field.enum) {
    const { value: known, name } = field.enum;
    return (number: number) => (known[number] ? undefined : `${number} is not a known value of ${name}.`);
  }
  if (field.scalar === ScalarType.STRING) return textFault;
  if (field.scalar === ScalarType.DOUBLE || field.scalar === ScalarType.FLOAT) return numberFault;
  return () => undefined;
}

const special: Readonly<Record<string, Check>> = {
  "google.protobuf.Value": (value: Value) => valueFault(value),
  "google.protobuf.Timestamp": ({ seconds, nanos }: Timestamp) =>
    seconds < earliest || seconds > latest || nanos < 0 || nanos > 999_999_999
      ? "A time must lie between the years 1 and 9999."
      : undefined,
};

function valueFault({ kind }: Value, depth = 1, extent: Extent = { nodes: 1 }): string | undefined {
  if (kind.case === "stringValue") return textFault(kind.value);
  if (kind.case === "numberValue") return numberFault(kind.value);
  if (kind.case === undefined) return "The request contains a value without a kind.";
  if (kind.case !== "structValue" && kind.case !== "listValue") return undefined;
  if (depth > deepest) return tooDeep;
  if (kind.case === "listValue") {
    const { values } = kind.value;
    return sizeFault(values.length, extent) ?? firstOf(values, (one) => valueFault(one, depth + 1, extent));
  }
  const members = Object.entries(kind.value.fields);
  return (
    sizeFault(members.length, extent) ??
    firstOf(members, ([name, value]) => textFault(name) ?? valueFault(value, depth + 1, extent))
  );
}
