import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescOneof, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import { discriminatorOf, shapeOf, wordsOf } from "./shape.ts";
import { writers } from "./well-known.ts";

type Fields = Record<string, unknown>;
type Json = (value: never) => JsonValue | undefined;

const explicit = 1;
const made = new Map<string, Json>();

/**
 * The function that writes a message as the text of REST's JSON. It is put together once: a request only runs it. It takes what a
 * message would be made of as well: to make one takes as long as to write it.
 */
export function textOf(desc: DescMessage): (message: object) => string {
  const json = jsonOf(desc);
  return keeping((message) => JSON.stringify(json(message as never)));
}

/** The function that writes one field of a message, as above; of one that is left out, null. */
export function fieldTextOf(field: DescField): (message: object) => string {
  const json = compile([field], []);
  const { name } = shapeOf(field);
  return keeping((message) => JSON.stringify((json(message as never) as JsonObject)[name] ?? null));
}

/** Keeps the text of a message for as long as there is the message, where that is frozen: it is to be answered with again. */
function keeping(text: (message: object) => string): (message: object) => string {
  const texts = new WeakMap<object, string>();
  return (message) => {
    if (!Object.isFrozen(message)) return text(message);
    let known = texts.get(message);
    if (known === undefined) texts.set(message, (known = text(message)));
    return known;
  };
}

/** The function that makes JSON of a message, for those who look into it. */
export function encoderOf(desc: DescMessage): (message: object) => JsonValue {
  const text = textOf(desc);
  return (message) => JSON.parse(text(message)) as JsonValue;
}

function jsonOf(desc: DescMessage): Json {
  const known = writers[desc.typeName] ?? made.get(desc.typeName);
  if (known) return known;
  const fields = desc.fields.filter(({ oneof }) => !oneof);
  const json = compile(fields, desc.oneofs);
  made.set(desc.typeName, json);
  return json;
}

/**
 * Writes the code as one would by hand: a loop over the fields takes twice as long, and so does an object that grows by a member at a
 * time, which shows in lists. What is undefined, JSON leaves out. All names are the contract's.
 */
function compile(fields: readonly DescField[], oneofs: readonly DescOneof[]): Json {
  const used: unknown[] = [];
  const use = (value: unknown): string => `used[${used.push(value) - 1}]`;
  const members = fields.map((field) => `${JSON.stringify(shapeOf(field).name)}: ${valueOf(field, use)}`);
  const arms = oneofs.map((oneof) => `${use(oneofWriter(oneof))}(from, to);`);
  const body = `return (from) => { let value; const to = { ${members.join(", ")} }; ${arms.join(" ")} return to; };`;
  // oxlint-disable-next-line no-new-func
  return new Function("used", body)(used) as Json;
}

/** The code of a field's value, of a message `from`. */
function valueOf(field: DescField, use: (value: unknown) => string): string {
  const { nullWhenUnset, omitWhenEmpty } = shapeOf(field);
  const from = `from[${JSON.stringify(field.localName)}]`;
  if (field.fieldKind === "list") return `${use(listJson(field, omitWhenEmpty, nullWhenUnset))}(${from})`;
  if (field.fieldKind === "map") return `${use(mapJson(field, omitWhenEmpty))}(${from})`;
  const element = elementJson(field);
  const json = element === asItIs ? "value" : `${use(element)}(value)`;
  const kept = omitWhenEmpty ? `value === "" || value === 0 || value === false ? undefined : ${json}` : json;
  if (field.fieldKind === "scalar" && field.presence !== explicit)
    return `(value = ${from} ?? ${use(scalarZeroValue(field.scalar, false))}, ${kept})`;
  // Fields with presence that are no messages stand on the prototype until they are set.
  const own = field.message ? from : `Object.hasOwn(from, ${JSON.stringify(field.localName)}) ? ${from} : undefined`;
  const unset = field.fieldKind === "enum" ? "value === undefined || value === 0" : "value === undefined";
  return `(value = ${own}, ${unset} ? ${nullWhenUnset ? "null" : "undefined"} : ${kept})`;
}

const asItIs: Json = (value: JsonValue) => value;

function mapJson(field: DescField, omit: boolean): Json {
  const element = elementJson(field);
  return (map: Fields | undefined) => {
    const entries = Object.entries(map ?? {});
    if (!entries.length) return omit ? undefined : {};
    return Object.fromEntries(entries.map(([name, value]) => [name, element(value as never)])) as JsonObject;
  };
}

function listJson(field: DescField, omit: boolean, nulled: boolean): Json {
  const element = elementJson(field);
  return (list: never[] | undefined) => {
    if (list?.length) return list.map(element) as JsonValue[];
    return nulled ? null : omit ? undefined : [];
  };
}

type Write = (message: Fields, to: JsonObject) => void;

function oneofWriter(oneof: DescOneof): Write {
  const flat = discriminatorOf(oneof);
  const arms = new Map(
    oneof.fields.map((field) => [field.localName, { name: shapeOf(field).name, element: elementJson(field) }]),
  );
  return (message, to) => {
    const { case: chosen, value } = (message[oneof.localName] ?? {}) as { case?: string; value?: never };
    const arm = chosen === undefined ? undefined : arms.get(chosen);
    if (!arm) return;
    const json = arm.element(value as never);
    if (flat) Object.assign(to, json, { [flat]: arm.name });
    else if (json !== undefined) to[arm.name] = json;
  };
}

function elementJson(field: DescField): Json {
  if (field.message) {
    const { message } = field;
    let json: Json | undefined;
    return (value) => (json ??= jsonOf(message))(value);
  }
  if (field.enum) {
    const { byNumber } = wordsOf(field.enum);
    return (value: number) => byNumber.get(value) ?? value;
  }
  return scalarJson(field.scalar as ScalarType);
}

function scalarJson(scalar: ScalarType): Json {
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
