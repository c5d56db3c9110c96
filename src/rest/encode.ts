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
  const used: unknown[] = [];
  const use = (value: unknown): string => `used[${used.push(value) - 1}]`;
  const lines = [
    ...desc.fields
      .filter(({ oneof }) => !oneof)
      .map((field) => (isSingle(field) ? lineFor(field, use) : `${use(severalWriter(field))}(from, to);`)),
    ...desc.oneofs.map((oneof) => `${use(oneofWriter(oneof))}(from, to);`),
  ];
  // As one would write it by hand: a loop over the fields takes twice as long, which shows in lists. All names are the contract's.
  // oxlint-disable-next-line no-new-func
  const encode = new Function("used", `return (from) => { const to = {}; let value; ${lines.join("\n")} return to; };`)(
    used,
  ) as Encode;
  encoders.set(desc.typeName, encode);
  return encode;
}

const isSingle = ({ fieldKind }: DescField): boolean => fieldKind !== "list" && fieldKind !== "map";

/** Writes a field that has one value. */
function lineFor(field: DescField, use: (value: unknown) => string): string {
  const { name, nullWhenUnset, omitWhenEmpty } = shapeOf(field);
  const [from, to] = [`from[${JSON.stringify(field.localName)}]`, `to[${JSON.stringify(name)}]`];
  const implicit = field.fieldKind === "scalar" && field.presence !== explicit;
  // Fields with presence stand on the prototype until they are set.
  const value = implicit
    ? `${from} ?? ${use(scalarZeroValue(field.scalar, false))}`
    : `Object.hasOwn(from, ${JSON.stringify(field.localName)}) ? ${from} : undefined`;
  const unset = field.fieldKind === "enum" ? "value === undefined || value === 0" : "value === undefined";
  const element = elementEncoder(field);
  const written = `${to} = ${element === asItIs ? "value" : `${use(element)}(value)`};`;
  const kept = omitWhenEmpty ? `if (value !== "" && value !== 0 && value !== false) ${written}` : written;
  return `value = ${value}; if (${unset}) { ${nullWhenUnset ? `${to} = null;` : ""} } else ${kept}`;
}

function severalWriter(field: DescField): Write {
  const { name, nullWhenUnset, omitWhenEmpty } = shapeOf(field);
  const key = field.localName;
  const element = elementEncoder(field);
  if (field.fieldKind === "list") return listWriter(key, name, element, omitWhenEmpty, nullWhenUnset);
  return (message, to) => {
    const entries = Object.entries((message[key] ?? {}) as Fields);
    if (entries.length) to[name] = Object.fromEntries(entries.map(([k, v]) => [k, element(v as never)]));
    else if (!omitWhenEmpty) to[name] = {};
  };
}

const asItIs: Encode = (value: JsonValue) => value;

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
      return asItIs;
  }
}
