import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import fc from "fast-check";

type Tree = Record<string, unknown>;

/** What strings may be, beside what the field's name suggests. */
const strange = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "\0",
    "a\0b",
    "ü\u{1f600}",
    "e\u0301",
    "\u202e\ufeff",
    "%00",
    "../..",
    "'; --",
    "1e9",
    "-1",
    "true",
    "null",
  ),
  fc.constantFrom("x".repeat(300), "é".repeat(2000), "11111111-1111-4111-8111-111111111111", "aal1", "aal2", "active"),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const number = fc.oneof(
  fc.constantFrom(0, 1, 2, -1, 250, 1001, 2 ** 31 - 1, -(2 ** 31)),
  fc.integer({ min: 0, max: 20 }),
);
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes("-0")),
  fc.constantFrom({ a: "\0" }, { "\0": 1 }, { __proto__: null }, [[[[[]]]]], { constructor: { prototype: 1 } }),
);

/** Messages of a kind: every field may be unset, usual or strange. `usual` are values by the name of the field. */
export function randomMessage(
  desc: DescMessage,
  usual: (field: string) => readonly unknown[],
  depth = 0,
): fc.Arbitrary<Tree> {
  const parts: fc.Arbitrary<Tree>[] = desc.fields
    .filter(({ oneof }) => !oneof)
    .map((field) =>
      fc.oneof(
        { weight: 1, arbitrary: fc.constant<Tree>({}) },
        { weight: 2, arbitrary: named(field.localName, values(field, usual, depth)) },
      ),
    );
  parts.push(...desc.oneofs.map((oneof) => arms(oneof, usual, depth)));
  return fc.tuple(...parts).map((trees) => Object.assign({}, ...trees) as Tree);
}

const named = (name: string, value: fc.Arbitrary<unknown>) => value.map((one) => ({ [name]: one }));

const arms = ({ localName, fields }: DescOneof, usual: (field: string) => readonly unknown[], depth: number) =>
  fc.oneof(
    ...fields.map((field) =>
      values(field, usual, depth).map((value): Tree => ({ [localName]: { case: field.localName, value } })),
    ),
    fc.constant<Tree>({}),
  );

function values(field: DescField, usual: (field: string) => readonly unknown[], depth: number): fc.Arbitrary<unknown> {
  const known =
    (field.message && field.message.typeName !== "google.protobuf.Struct") || field.scalar === ScalarType.BYTES
      ? []
      : usual(field.name);
  const any = element(field, usual, depth);
  const one = known.length
    ? fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any })
    : any;
  if (field.fieldKind === "list") return fc.array(one, { maxLength: 3 });
  if (field.fieldKind === "map") return fc.dictionary(fc.constantFrom("a", "b", ""), one, { maxKeys: 2 });
  return one;
}

function element(field: DescField, usual: (field: string) => readonly unknown[], depth: number): fc.Arbitrary<unknown> {
  if (field.message) return messageValue(field.message, usual, depth);
  if (field.enum) return fc.constantFrom(...field.enum.values.map((value) => value.number));
  switch (field.scalar as ScalarType) {
    case ScalarType.STRING:
      return strange;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 20 });
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return number.map((value) => BigInt(Math.abs(value)));
    default:
      return number;
  }
}

function messageValue(
  desc: DescMessage,
  usual: (field: string) => readonly unknown[],
  depth: number,
): fc.Arbitrary<unknown> {
  if (desc.typeName === "google.protobuf.Struct")
    return json.filter((value) => typeof value === "object" && value !== null && !Array.isArray(value));
  if (desc.typeName === "google.protobuf.Value") return json.map((value) => ({ json: value }));
  if (desc.typeName === "google.protobuf.Timestamp")
    return fc.integer({ min: 0, max: 4e9 }).map((seconds) => ({ seconds: BigInt(seconds), nanos: 0 }));
  return depth > 4 ? fc.constant({}) : randomMessage(desc, usual, depth + 1);
}
