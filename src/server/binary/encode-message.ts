import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { BackwardWriter } from "./backward-writer.ts";
import { writeStruct } from "./write-json.ts";

/** Writes a value without its tag. */
type Write = (to: BackwardWriter, value: never) => void;

/** How a value is written that stands alone, or follows others of its kind. */
interface Element {
  readonly write: Write;
  readonly wireType: number;
}

const [varint, eightBytes, lengthFirst, fourBytes] = [0, 1, 2, 5] as const;
const implicit = 2;

const to = new BackwardWriter();
const made = new Map<string, Write>();

/**
 * The function that writes a message in protobuf's binary format, with so many bytes left free before it. It takes what a message would
 * be made of, as `rest/encode.ts` does, since to make one takes as long as to write it. Of a message that is frozen, to be answered
 * with again, the bytes are kept for as long as there is the message: nobody may change them.
 */
export function bytesOf<D extends DescMessage>(desc: D, before: number): (message: MessageInitShape<D>) => Buffer {
  const write = writerOf(desc);
  const kept = new WeakMap<object, Buffer>();
  const make = (message: object): Buffer => {
    try {
      write(to, message as never);
      return to.take(before);
    } catch (error) {
      to.clear();
      throw error;
    }
  };
  return (message: object) => {
    if (!Object.isFrozen(message)) return make(message);
    let known = kept.get(message);
    if (known === undefined) kept.set(message, (known = make(message)));
    return known;
  };
}

function writerOf(desc: DescMessage): Write {
  let write = made.get(desc.typeName);
  if (!write) made.set(desc.typeName, (write = compile(desc)));
  return write;
}

/** Writes the code as one would by hand, as `rest/encode.ts` does. The last field comes first, since it is written from the end. */
function compile(desc: DescMessage): Write {
  const used: unknown[] = [];
  const use = (value: unknown): string => `used[${used.push(value) - 1}]`;
  const fields = [...desc.fields].sort((one, other) => other.number - one.number);
  const steps = fields.map((field) => stepOf(field, use));
  // oxlint-disable-next-line no-new-func
  return new Function("used", `return (to, from) => { let value; ${steps.join("\n")} };`)(used) as Write;
}

function stepOf(field: DescField, use: (value: unknown) => string): string {
  const name = JSON.stringify(field.localName);
  if (field.fieldKind === "map") return `if (from[${name}] !== undefined) ${use(mapWriter(field))}(to, from[${name}]);`;
  if (field.fieldKind === "list")
    return `if (from[${name}] !== undefined && from[${name}].length > 0) ${use(listWriter(field))}(to, from[${name}]);`;
  const { write, wireType } = elementOf(field);
  const code = `${use(write)}(to, value); to.uint(${tagOf(field, wireType)});`;
  if (field.oneof) {
    const oneof = `from[${JSON.stringify(field.oneof.localName)}]`;
    return `if (${oneof} !== undefined && ${oneof}.case === ${name}) { value = ${oneof}.value; ${code} }`;
  }
  if (field.message) return `value = from[${name}]; if (value !== undefined) { ${code} }`;
  // Fields with presence that are no messages stand on the prototype until they are set.
  if (field.presence !== implicit)
    return `if (Object.hasOwn(from, ${name}) && (value = from[${name}]) !== undefined) { ${code} }`;
  return `value = from[${name}]; if (value !== undefined && ${unlikeZero(field)}) { ${code} }`;
}

/** That a value is none which is left out (no presence): by the strict rules of its type, since to JavaScript a tab equals zero. */
function unlikeZero({ scalar }: DescField): string {
  if (scalar === ScalarType.BYTES) return "value.length > 0";
  return scalar === ScalarType.STRING ? 'value !== ""' : "value != 0";
}

const tagOf = ({ number }: DescField, wireType: number): number => number * 8 + wireType;

/** Puts the length of what is written before it. */
const measured =
  (write: Write): Write =>
  (out, value) => {
    const end = out.length;
    write(out, value);
    out.uint(out.length - end);
  };

function elementOf(field: DescField): Element {
  if (field.message) {
    if ("delimitedEncoding" in field && field.delimitedEncoding)
      throw new Error(`${field.toString()} is delimited, which nobody writes here`);
    return { write: measured(messageWriter(field, field.message)), wireType: lengthFirst };
  }
  return field.enum ? scalars[ScalarType.INT32] : scalars[field.scalar as ScalarType];
}

function messageWriter(field: DescField, message: DescMessage): Write {
  const alone = field.fieldKind === "message" && !field.oneof;
  // Only as a field of its own does a Struct stand as plain JSON, and a wrapper as what it holds.
  if (alone && message.typeName === "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value")
    return writeStruct as Write;
  if (alone && isWrapperDesc(message)) {
    const write = writerOf(message);
    return (out, value) => write(out, { value } as never);
  }
  let write: Write | undefined;
  // When it is first needed, since messages may hold themselves.
  return (out, value) => (write ??= writerOf(message))(out, value);
}

function listWriter(field: DescField & { fieldKind: "list" }): Write {
  const { write, wireType } = elementOf(field);
  if (field.packed) {
    const all = measured((out, list: readonly never[]) => {
      for (let at = list.length - 1; at >= 0; at--) write(out, list[at]!);
    });
    return (out, list) => {
      all(out, list);
      out.uint(tagOf(field, lengthFirst));
    };
  }
  const tag = tagOf(field, wireType);
  return (out, list: readonly never[]) => {
    for (let at = list.length - 1; at >= 0; at--) {
      write(out, list[at]!);
      out.uint(tag);
    }
  };
}

function mapWriter(field: DescField & { fieldKind: "map" }): Write {
  const value = elementOf(field);
  const key = scalars[field.mapKey];
  const keyOf = fromName[field.mapKey] ?? ((name: string) => name);
  const entry = measured((out, [name, one]: readonly [string, never]) => {
    value.write(out, one);
    out.uint(2 * 8 + value.wireType);
    key.write(out, keyOf(name) as never);
    out.uint(8 + key.wireType);
  });
  return (out, map: Readonly<Record<string, never>>) => {
    for (const one of Object.entries(map).toReversed()) {
      entry(out, one as never);
      out.uint(tagOf(field, lengthFirst));
    }
  };
}

const long = (value: bigint | number | string): bigint => BigInt(value);

/** Keys of maps are names of members, whatever they are by the contract. */
const fromName: Partial<Record<ScalarType, (name: string) => unknown>> = {
  [ScalarType.BOOL]: (name) => name === "true",
  ...Object.fromEntries(
    [ScalarType.INT32, ScalarType.UINT32, ScalarType.SINT32, ScalarType.FIXED32, ScalarType.SFIXED32].map((type) => [
      type,
      Number,
    ]),
  ),
};

const element = <T>(wireType: number, write: (out: BackwardWriter, value: T) => void): Element => ({
  wireType,
  write: write as Write,
});

const scalars: Readonly<Record<ScalarType, Element>> = {
  [ScalarType.DOUBLE]: element(eightBytes, (out, value: number) => out.double(value)),
  [ScalarType.FLOAT]: element(fourBytes, (out, value: number) => out.float(value)),
  [ScalarType.INT64]: element(varint, (out, value: bigint) => out.long(long(value))),
  [ScalarType.UINT64]: element(varint, (out, value: bigint) => out.long(long(value))),
  [ScalarType.INT32]: element(varint, (out, value: number) => out.int(value)),
  [ScalarType.FIXED64]: element(eightBytes, (out, value: bigint) => out.fixed64(long(value))),
  [ScalarType.FIXED32]: element(fourBytes, (out, value: number) => out.fixed32(value)),
  [ScalarType.BOOL]: element(varint, (out, value: boolean) => out.uint(Number(value))),
  [ScalarType.STRING]: element(
    lengthFirst,
    measured((out, value: string) => out.text(value)) as (out: BackwardWriter, value: string) => void,
  ),
  [ScalarType.BYTES]: element(
    lengthFirst,
    measured((out, value: Uint8Array) => out.raw(value)) as (out: BackwardWriter, value: Uint8Array) => void,
  ),
  [ScalarType.UINT32]: element(varint, (out, value: number) => out.uint(value)),
  [ScalarType.SFIXED32]: element(fourBytes, (out, value: number) => out.fixed32(value)),
  [ScalarType.SFIXED64]: element(eightBytes, (out, value: bigint) => out.fixed64(long(value))),
  [ScalarType.SINT32]: element(varint, (out, value: number) => out.uint(((value << 1) ^ (value >> 31)) >>> 0)),
  [ScalarType.SINT64]: element(varint, (out, value: bigint) => out.long((long(value) << 1n) ^ (long(value) >> 63n))),
};
