import { ScalarType } from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";
import type { DescField, DescMessage, DescOneof, JsonValue } from "@bufbuild/protobuf";
import { scalarZeroValue } from "@bufbuild/protobuf/reflect";
import { JsonDocument } from "./json-document.ts";
import { put, putJson, putKey, putName, putNumber, putString, written } from "./json-bytes.ts";
import { discriminatorOf, shapeOf, wordsOf } from "./shape.ts";
import { writers } from "./well-known.ts";

type Fields = Record<string, unknown>;
type Write = (value: never) => void;

/** The text of an answer or, where it is long, its bytes. */
export type JsonText = string | Buffer;

/**
 * The function that writes a message as the text of REST's JSON. It is put together once: a request only runs it. It takes what a
 * message would be made of as well: to make one takes as long as to write it.
 */
export const textOf = (desc: DescMessage): ((message: object) => JsonText) => keepingTextOf(writerOf(desc));

/** The function that writes one field of a message, as above; of one that is left out, null. */
export function fieldTextOf(field: DescField): (message: object) => JsonText {
  return keepingTextOf(compile((use) => memberCode(field, use, { name: "", leftOut: `put("null");` })));
}

/** Keeps the text of a message for as long as there is the message, where that is frozen: it is to be answered with again. */
function keepingTextOf(write: Write): (message: object) => JsonText {
  const texts = new WeakMap<object, JsonText>();
  const text = (message: object) => written(() => write(message as never));
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
  return (message) => JSON.parse(String(text(message))) as JsonValue;
}

const objects = new Map<DescMessage, Write>();

function writerOf(desc: DescMessage): Write {
  const known = writers[desc.typeName] ?? objects.get(desc);
  if (known) return known;
  const members = membersOf(desc);
  const write: Write = (message) => {
    put("{");
    members(message);
    put("}");
  };
  objects.set(desc, write);
  return write;
}

/** The function that writes the members of a message, without the braces around them. */
function membersOf(desc: DescMessage): Write {
  const fields = desc.fields.filter(({ oneof }) => !oneof);
  return compile((use) =>
    [
      ...fields.map((field) => memberCode(field, use, nameCode(field))),
      ...desc.oneofs.map((oneof) => `${use(oneofWriter(oneof))}(from);`),
    ].join(" "),
  );
}

type Use = (value: unknown) => string;

const words = {
  JsonDocument,
  put,
  putJson,
  putKey,
  putName,
  putNumber,
  putString,
  base64: (value: Uint8Array) => Buffer.from(value).toString("base64"),
};

/**
 * Writes the code as one would by hand: a loop over the fields takes twice as long. All names in it are the contract's.
 */
function compile(code: (use: Use) => string): Write {
  const used: unknown[] = [];
  const body = code((value) => `used[${used.push(value) - 1}]`);
  // oxlint-disable-next-line no-new-func
  return new Function("used", ...Object.keys(words), `return (from) => { let value; ${body} };`)(
    used,
    ...Object.values(words),
  ) as Write;
}

/** What comes before the value of a member, and what takes the place of one that is left out. */
interface Around {
  readonly name: string;
  readonly leftOut: string;
}

const nameCode = (field: DescField): Around => ({
  name: `putName(${JSON.stringify(`${JSON.stringify(shapeOf(field).name)}:`)});`,
  leftOut: "",
});

/** The code that writes a field of a message `from`. */
function memberCode(field: DescField, use: Use, { name, leftOut }: Around): string {
  const { nullWhenUnset, omitWhenEmpty } = shapeOf(field);
  const from = `from[${JSON.stringify(field.localName)}]`;
  const unset = nullWhenUnset ? `${name} put("null");` : leftOut;
  if (field.fieldKind === "list") {
    const empty = nullWhenUnset || omitWhenEmpty ? unset : `${name} put("[]");`;
    const text = field.message ? `if (value instanceof JsonDocument) { ${name} putJson(value.text); } else ` : "";
    return `value = ${from}; ${text}if (value?.length) { ${name} ${use(listWriter(field))}(value); } else { ${empty} }`;
  }
  if (field.fieldKind === "map") {
    const empty = omitWhenEmpty ? leftOut : `${name} put("{}");`;
    return `value = Object.entries(${from} ?? {}); if (value.length) { ${name} ${use(mapWriter(field))}(value); } else { ${empty} }`;
  }
  const kept = `{ ${name} ${elementCode(field, use)} }`;
  const written = omitWhenEmpty
    ? `if (value === "" || value === 0 || value === false) { ${leftOut} } else ${kept}`
    : kept;
  if (field.fieldKind === "scalar" && field.presence !== explicit)
    return `value = ${from} ?? ${use(scalarZeroValue(field.scalar, false))}; ${written}`;
  // Outside of proto3, fields with presence that are no messages stand on the prototype until they are set.
  const own =
    field.message || field.parent.file.edition === Edition.EDITION_PROTO3
      ? from
      : `Object.hasOwn(from, ${JSON.stringify(field.localName)}) ? ${from} : undefined`;
  const none = field.fieldKind === "enum" ? "value == null || value === 0" : "value == null";
  return `value = ${own}; if (${none}) { ${unset} } else ${written}`;
}

const explicit = 1;

/** The code that writes `value`, of a field or of an element in it. */
function elementCode(field: DescField, use: Use): string {
  if (field.message) {
    const { message } = field;
    let write: Write | undefined;
    return `${use((value: never) => (write ??= writerOf(message))(value))}(value);`;
  }
  if (field.enum) {
    const { byNumber } = wordsOf(field.enum);
    return `${use((value: number) => (byNumber.has(value) ? putString(byNumber.get(value)!) : putNumber(value)))}(value);`;
  }
  switch (field.scalar as ScalarType) {
    case ScalarType.STRING:
      return "putString(value);";
    case ScalarType.BOOL:
      return `put(value ? "true" : "false");`;
    case ScalarType.BYTES:
      return "putString(base64(value));";
    default:
      // Those of 64 bits are bigints.
      return "putNumber(Number(value));";
  }
}

const listWriter = (field: DescField): Write =>
  compile(
    (use) =>
      `put("["); for (let n = 0; n < from.length; n++) { if (n > 0) put(","); value = from[n]; ${elementCode(field, use)} } put("]");`,
  );

const mapWriter = (field: DescField): Write =>
  compile(
    (use) =>
      `put("{"); for (const [key, element] of from) { putKey(key); value = element; ${elementCode(field, use)} } put("}");`,
  );

function oneofWriter(oneof: DescOneof): Write {
  const flat = discriminatorOf(oneof);
  const arms = new Map(oneof.fields.map((field) => [field.localName, flat ? flatArm(field, flat) : arm(field)]));
  return (message: Fields) => {
    const { case: chosen, value } = (message[oneof.localName] ?? {}) as { case?: string; value?: never };
    if (chosen !== undefined && value !== undefined) arms.get(chosen)?.(value);
  };
}

const arm = (field: DescField): Write =>
  compile((use) => `value = from; ${nameCode(field).name} ${elementCode(field, use)}`);

/** An arm whose members stand among those of the message, and say which one it is. */
function flatArm(field: DescField, discriminator: string): Write {
  const said = `${JSON.stringify(discriminator)}:${JSON.stringify(shapeOf(field).name)}`;
  let members: Write | undefined;
  return (value) => {
    (members ??= membersOf(field.message!))(value);
    putName(said);
  };
}
