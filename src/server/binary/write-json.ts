import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { BackwardWriter } from "./backward-writer.ts";

// The fields of google.protobuf.Value, Struct, ListValue and of an entry of a map, with their wire types.
const asNull = 0x08;
const asNumber = 0x11;
const asString = 0x1a;
const asBool = 0x20;
const asStruct = 0x2a;
const asList = 0x32;
const first = 0x0a;
const second = 0x12;

/** Writes an object of JSON as google.protobuf.Struct. */
export function writeStruct(to: BackwardWriter, object: JsonObject): void {
  const names = Object.keys(object);
  for (let at = names.length - 1; at >= 0; at--) {
    const name = names[at]!;
    const end = to.length;
    writeMember(to, second, object[name]!);
    const afterName = to.length;
    to.text(name);
    to.uint(to.length - afterName);
    to.uint(first);
    to.uint(to.length - end);
    to.uint(first);
  }
}

function writeMember(to: BackwardWriter, tag: number, value: JsonValue): void {
  const end = to.length;
  writeValue(to, value);
  to.uint(to.length - end);
  to.uint(tag);
}

function writeValue(to: BackwardWriter, value: JsonValue): void {
  if (typeof value === "string") {
    const end = to.length;
    to.text(value);
    to.uint(to.length - end);
    return to.uint(asString);
  }
  if (typeof value === "number") {
    to.double(value);
    return to.uint(asNumber);
  }
  if (typeof value === "boolean") {
    to.uint(Number(value));
    return to.uint(asBool);
  }
  if (value === null) {
    to.uint(0);
    return to.uint(asNull);
  }
  const end = to.length;
  if (Array.isArray(value)) for (let at = value.length - 1; at >= 0; at--) writeMember(to, first, value[at]!);
  else writeStruct(to, value);
  to.uint(to.length - end);
  to.uint(Array.isArray(value) ? asList : asStruct);
}
