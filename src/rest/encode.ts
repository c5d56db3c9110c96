import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescOneof, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import { discriminatorOf, shapeOf, wordsOf } from "./shape.ts";
import { writers } from "./well-known.ts";

type Fields = Record<string, unknown>;
type Encode = (value: never) => JsonValue;
type Write = (message: Fields, to: JsonObject) => void;

const explicit = 1;
const encoders = new Map<string, Encode>();

/**
 * The function that writes a message as REST JSON. It is put together once: a request only runs it. It takes what a
 * message would be made of as well: to make one takes as long as to write it.
 */
export function encoderOf(desc: DescMessage): (message: object) => JsonValue {
  return encoder(desc) as (message: object) => JsonValue;
}

function encoder(desc: DescMessage): Encode {
  const known = writers[desc.typeName] ?? encoders.get(desc.typeName);
  if (known) return known;
  const writes: Write[] = [];
  const encode = (message: Fields) => {
    const to: JsonObject = {};
    for (const write of writes) write(message, to);
    return to;
  };
  // Known before its fields are looked at, since messages may hold themselves.
  encoders.set(desc.typeName, encode as Encode);
  for (const field of desc.fields) if (!field.oneof) writes.push(writerOf(field));
  for (const oneof of desc.oneofs) writes.push(oneofWriter(oneof));
  return encode as Encode;
}

function writerOf(field: DescField): Write {
  const { name, nullWhenUnset, omitWhenEmpty } = shapeOf(field);
  const key = field.localName;
  const element = elementEncoder(field);
  if (field.fieldKind === "list") return listWriter(key, name, element, omitWhenEmpty, nullWhenUnset);
  if (field.fieldKind === "map")
    return (message, to) => {
      const entries = Object.entries((message[key] ?? {}) as Fields);
      if (entries.length) to[name] = Object.fromEntries(entries.map(([k, v]) => [k, element(v as never)]));
      else if (!omitWhenEmpty) to[name] = {};
    };
  const implicit = field.fieldKind === "scalar" && field.presence !== explicit;
  const zero = implicit ? scalarZeroValue(field.scalar, false) : undefined;
  const isEnum = field.fieldKind === "enum";
  return (message, to) => {
    // Fields with presence stand on the prototype until they are set.
    const value = implicit ? (message[key] ?? zero) : Object.hasOwn(message, key) ? message[key] : undefined;
    if (value === undefined || (isEnum && value === 0)) {
      if (nullWhenUnset) to[name] = null;
    } else if (!(omitWhenEmpty && (value === "" || value === 0 || value === false))) to[name] = element(value as never);
  };
}

function listWriter(key: string, name: string, element: Encode, omit: boolean, nulled: boolean): Write {
  return (message, to) => {
    const list = message[key] as never[] | undefined;
    if (list?.length) to[name] = list.map(element);
    else if (nulled) to[name] = null;
    else if (!omit) to[name] = [];
  };
}

function oneofWriter(oneof: DescOneof): Write {
  const flat = discriminatorOf(oneof);
  const arms = new Map(oneof.fields.map((field) => [field.localName, { name: shapeOf(field).name, field }]));
  const element = new Map(oneof.fields.map((field) => [field.localName, elementEncoder(field)]));
  return (message, to) => {
    const { case: chosen, value } = (message[oneof.localName] ?? {}) as { case?: string; value?: never };
    const arm = chosen === undefined ? undefined : arms.get(chosen);
    if (!arm || chosen === undefined) return;
    const json = element.get(chosen)!(value as never);
    if (flat) Object.assign(to, json, { [flat]: arm.name });
    else to[arm.name] = json;
  };
}

function elementEncoder(field: DescField): Encode {
  if (field.message) {
    const { message } = field;
    let encode: Encode | undefined;
    return (value) => (encode ??= encoder(message))(value);
  }
  if (field.enum) {
    const { byNumber } = wordsOf(field.enum);
    return (value: number) => byNumber.get(value) ?? value;
  }
  return scalarEncoder(field.scalar as ScalarType);
}

function scalarEncoder(scalar: ScalarType): Encode {
  switch (scalar) {
    case ScalarType.BYTES:
      return (value: Uint8Array) => Buffer.from(value).toString("base64");
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return (value: bigint) => Number(value);
    default:
      return (value: JsonValue) => value;
  }
}
