import { ScalarType, create } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import type { DescField, DescMessage, DescOneof, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { readCheckbox } from "../text/boolean.ts";
import { armsOf } from "./arm.ts";
import { discriminatorOf, shapeOf, wordsOf } from "./shape.ts";
import { isObject, readers } from "./well-known.ts";

/** JSON that does not fit the contract. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  /** Where, as in `traits.name[0]`. */
  readonly path: string;
  /** Whether the JSON is of the right type, but of a value that the contract does not list. */
  readonly unlisted: boolean;

  constructor(path: string, expected: string, unlisted = false) {
    super(`${path || "The body"} must be ${expected}.`);
    this.path = path;
    this.unlisted = unlisted;
  }
}

/** How strictly to read. */
export interface DecodeOptions {
  /** Refuse members that the contract does not know. */
  readonly strict?: boolean;
  /** Values are text, as in forms and queries: numbers and booleans are read from it. */
  readonly text?: boolean;
  /** JSON may say with a number or a boolean what a form says with text, and the other way round. */
  readonly loose?: boolean;
  /** Told of the members of a flat oneof whose arm is neither named nor selected. */
  unnamed?(members: JsonObject): void;
}

type Read = (json: JsonValue, path: string, options: DecodeOptions) => unknown;
type Assign = (message: Record<string, unknown>, json: JsonValue, path: string, options: DecodeOptions) => void;

const decoders = new Map<string, Read>();
const deepest = 64;

/** Reads REST JSON as a message. */
export function decode(desc: DescMessage, json: JsonValue, options: DecodeOptions = {}): Message {
  assertWithinLimits(json, "");
  return decoder(desc)(json, "", options) as Message;
}

/** Reads one field's JSON into a message. */
export function decodeField(message: Message, field: DescField, json: JsonValue, options: DecodeOptions = {}): void {
  assertWithinLimits(json, field.name);
  assignerOf(field)(message as never, json, field.message ? "" : field.name, options);
}

function assertWithinLimits(json: JsonValue, path: string): void {
  let level: JsonValue[] = [json];
  for (let depth = 0; level.length; depth++) {
    if (depth >= deepest) throw new DecodeError(path, `nested at most ${deepest} deep`);
    // JSON knows no infinity: it would be written as null.
    if (level.some((value) => typeof value === "number" && !Number.isFinite(value)))
      throw new DecodeError(path, "without numbers that are too large");
    level = level.flatMap((value) => (value !== null && typeof value === "object" ? Object.values(value) : []));
  }
}

function decoder(desc: DescMessage): Read {
  const special = readers[desc.typeName];
  if (special)
    return (json, path, { text, loose }) => {
      // In a form an object is JSON.
      const value = special.read(
        (text || loose) && typeof json === "string" && desc.typeName === StructSchema.typeName
          ? objectIn(json, path)
          : json,
      );
      if (value === undefined) throw new DecodeError(path, special.expected);
      return value;
    };
  const known = decoders.get(desc.typeName);
  if (known) return known;
  const plain = new Map<string, Assign>();
  const read: Read = (json, path, options) => {
    if (!isObject(json)) throw new DecodeError(path, "an object");
    const message = create(desc) as unknown as Record<string, unknown>;
    const left = new Map<string, JsonValue>();
    for (const [name, value] of Object.entries(json)) {
      const assign = plain.get(name);
      if (!assign) left.set(name, value);
      else if (value !== null || nullable.has(name)) assign(message, value, join(path, name), options);
    }
    for (const arm of flat) arm(message, left, path, options);
    if (options.strict && left.size) throw new DecodeError(join(path, [...left.keys()][0]!), "left out: it is unknown");
    return message;
  };
  decoders.set(desc.typeName, read);
  const nullable = new Set<string>();
  const flat: ReturnType<typeof flatReader>[] = [];
  for (const field of desc.fields) {
    if (field.oneof && discriminatorOf(field.oneof)) continue;
    const { name } = shapeOf(field);
    plain.set(name, assignerOf(field));
    if (field.message?.typeName === "google.protobuf.Value") nullable.add(name);
  }
  for (const oneof of desc.oneofs) if (discriminatorOf(oneof)) flat.push(flatReader(oneof));
  return read;
}

/** The object that a text writes as JSON; of a blank one, an empty one. What is no JSON stays text. */
function objectIn(text: string, path: string): JsonValue {
  let json: JsonValue;
  try {
    json = JSON.parse(text.trim() || "{}") as JsonValue;
  } catch {
    return text;
  }
  assertWithinLimits(json, path);
  return json;
}

const join = (path: string, name: string) => (path ? `${path}.${name}` : name);

/** Reads the arm of a oneof that is written flat: by its discriminator, else by what only one arm has. */
function flatReader(oneof: DescOneof) {
  const tag = discriminatorOf(oneof)!;
  const arms = armsOf(oneof);
  return (message: Record<string, unknown>, left: Map<string, JsonValue>, path: string, options: DecodeOptions) => {
    const named = firstSaid(left.get(tag), options);
    // What is no word says as little of a method as a word that none is called.
    if (typeof named === "object" && named !== null) throw new DecodeError(join(path, tag), "text");
    left.delete(tag);
    const isNamed = named !== undefined && named !== null && named !== "";
    const sure = isNamed ? arms.named(String(named)) : arms.selected(left);
    if (!sure) options.unnamed?.(Object.fromEntries(left));
    const arm = sure ?? (isNamed ? undefined : arms.implied(left));
    if (!arm?.message) return;
    const own = new Set(arm.message.fields.map((field) => shapeOf(field).name));
    const inside: JsonObject = {};
    for (const [name, value] of left) if (own.has(name) && left.delete(name)) inside[name] = value;
    message[oneof.localName] = { case: arm.localName, value: decoder(arm.message)(inside, path, options) };
  };
}

const assigners = new WeakMap<DescField, Assign>();

function assignerOf(field: DescField): Assign {
  let assign = assigners.get(field);
  if (!assign) assigners.set(field, (assign = makeAssigner(field)));
  return assign;
}

function makeAssigner(field: DescField): Assign {
  const read = elementReader(field);
  const key = field.localName;
  const { blank } = shapeOf(field);
  if (blank)
    return (message, json, path, options) => {
      if (json !== blank) message[key] = read(json, path, options);
    };
  if (field.fieldKind === "list")
    return (message, json, path, options) => {
      const list = Array.isArray(json) ? json : options.text ? [json] : undefined;
      if (!list) throw new DecodeError(path, "a list");
      message[key] = list.map((item, at) => read(item, `${path}[${at}]`, options));
    };
  if (field.fieldKind === "map")
    return (message, json, path, options) => {
      if (!isObject(json)) throw new DecodeError(path, "an object");
      message[key] = Object.fromEntries(
        Object.entries(json).map(([name, value]) => [name, read(value, join(path, name), options)]),
      );
    };
  if (field.oneof) {
    const { localName } = field.oneof;
    return (message, json, path, options) => {
      message[localName] = { case: key, value: read(json, path, options) };
    };
  }
  return (message, json, path, options) => {
    message[key] = read(json, path, options);
  };
}

function elementReader(field: DescField): Read {
  if (field.message) {
    const { message } = field;
    let read: Read | undefined;
    return (json, path, options) => (read ??= decoder(message))(json, path, options);
  }
  if (field.enum) {
    const { byName } = wordsOf(field.enum);
    return (json, path) => {
      if (json === "") return 0;
      const word = typeof json === "string";
      const number = word ? byName.get(json) : undefined;
      if (number === undefined) throw new DecodeError(path, `one of ${[...byName.keys()].join(", ")}`, word);
      return number;
    };
  }
  return scalarReader(field.scalar as ScalarType);
}

/** A form may say a thing twice, as a hidden field and as a button do, or as pages that draw a node twice: the first that says anything counts. */
function firstSaid<T extends JsonValue | undefined>(json: T, { text }: DecodeOptions): JsonValue | T {
  return text && Array.isArray(json) ? (json.find((one) => one !== "") ?? "") : json;
}

function scalarReader(scalar: ScalarType): Read {
  switch (scalar) {
    case ScalarType.STRING:
      return (json, path, options) => {
        const only = firstSaid(json, options);
        // A form whose field holds digits may come as a number: clients of Kratos do that with codes and passwords.
        if (options.loose && (typeof only === "number" || typeof only === "boolean")) return String(only);
        if (!options.strict && Number.isSafeInteger(only)) return String(only);
        if (typeof only !== "string") throw new DecodeError(path, "text");
        return only;
      };
    case ScalarType.BOOL:
      return (json, path, { loose }) => {
        // A form sends a hidden "false" before its check box: the last one counts.
        const last = Array.isArray(json) ? json.at(-1) : json;
        const text = loose && typeof last === "number" ? String(last) : last;
        const truth = typeof text === "string" ? (text === "" ? false : readCheckbox(text)) : text;
        if (typeof truth !== "boolean") throw new DecodeError(path, "true or false");
        return truth;
      };
    case ScalarType.BYTES:
      return (json, path) => {
        if (typeof json !== "string") throw new DecodeError(path, "base64");
        return new Uint8Array(Buffer.from(json, "base64"));
      };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return (json, path, { text }) => {
        const number = text && typeof json === "string" && decimal.test(json) ? Number(json) : json;
        if (typeof number !== "number" || !Number.isFinite(number)) throw new DecodeError(path, "a number");
        return number;
      };
    default:
      return integerReader(scalar);
  }
}

// What JavaScript takes besides, such as 0x10 or a blank before it, nobody writes who means a number.
const decimal = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const whole = /^-?\d+$/;

function integerReader(scalar: ScalarType): Read {
  const wide = ([ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64] as ScalarType[]).includes(scalar);
  return (json, path, { text }) => {
    const number = text && typeof json === "string" && whole.test(json) ? Number(json) : json;
    const fits = typeof number === "number" && Number.isSafeInteger(number);
    if (!fits || (!wide && (number < -0x80000000 || number > 0x7fffffff)))
      throw new DecodeError(path, "a whole number");
    return wide ? BigInt(number) : number;
  };
}
