import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { discriminatorOf, shapeOf, wordsOf } from "../../src/rest/shape.ts";
import type { Known } from "./known.ts";
import type { Random } from "./random.ts";
import { hostileJson, hostileText, usual } from "./words.ts";

type Json = Record<string, unknown>;

/** How JSON is made of a message: as REST writes it, or as protobuf does. */
export interface Grammar {
  readonly random: Random;
  readonly known: Known;
  readonly style: "rest" | "proto";
}

const deepest = 5;
const share = { field: 0.45, hostile: 0.12, usual: 0.7 };

/** JSON for a message: each field there or not, fit or unfit. */
export function treeOf(grammar: Grammar, desc: DescMessage, depth = 0): Json {
  const { random, style } = grammar;
  const tree: Json = {};
  for (const field of desc.fields)
    if (!field.oneof && random.chance(share.field)) set(tree, nameOf(grammar, field), valueOf(grammar, field, depth));
  for (const oneof of desc.oneofs) {
    const field = random.pick(oneof.fields);
    const tag = style === "rest" ? discriminatorOf(oneof) : undefined;
    if (tag) Object.assign(tree, flat(grammar, oneof, field, tag, depth));
    else if (random.chance(0.8)) set(tree, nameOf(grammar, field), valueOf(grammar, field, depth));
  }
  if (random.chance(0.03)) set(tree, hostileText(random), hostileJson(random));
  return tree;
}

// Assigned, a prototype would be changed.
const set = (tree: Json, name: string, value: unknown) =>
  Object.defineProperty(tree, name, { value, enumerable: true, configurable: true, writable: true });

const nameOf = ({ style }: Grammar, field: DescField) => (style === "rest" ? shapeOf(field).name : field.jsonName);

/** The arm of a oneof beside its common fields, as forms are submitted; now and then mixed with another one's. */
function flat(grammar: Grammar, oneof: DescOneof, field: DescField, tag: string, depth: number): Json {
  const { random } = grammar;
  const arm = field.message ? treeOf(grammar, field.message, depth + 1) : {};
  const other = random.pick(oneof.fields);
  if (random.chance(0.1) && other.message) Object.assign(arm, treeOf(grammar, other.message, depth + 1));
  if (random.chance(0.85)) arm[tag] = random.chance(0.05) ? hostileJson(random) : shapeOf(field).name;
  return arm;
}

function valueOf(grammar: Grammar, field: DescField, depth: number): unknown {
  const { random, known } = grammar;
  if (random.chance(share.hostile)) return hostileJson(random);
  const fit = random.chance(share.usual) ? usual(random, known, shapeOf(field).name) : undefined;
  if (fit !== undefined) return field.fieldKind === "list" && !Array.isArray(fit) ? [fit] : fit;
  if (field.fieldKind === "list")
    return Array.from({ length: random.below(3) }, () => elementOf(grammar, field, depth));
  if (field.fieldKind === "map")
    return { [random.pick(["password", "totp", "a", "__proto__"])]: elementOf(grammar, field, depth) };
  return elementOf(grammar, field, depth);
}

function elementOf(grammar: Grammar, field: DescField, depth: number): unknown {
  const { random, style } = grammar;
  if (field.message) return messageOf(grammar, field.message, depth);
  if (field.enum)
    return style === "rest"
      ? random.pick([...wordsOf(field.enum).byName.keys(), "none"])
      : random.pick([...field.enum.values.map(({ name }) => name), 77]);
  switch (field.scalar) {
    case ScalarType.STRING:
      return hostileText(random);
    case ScalarType.BOOL:
      return random.chance(0.5);
    case ScalarType.BYTES:
      return Buffer.from(hostileText(random)).toString("base64");
    default:
      return random.pick([0, 1, -1, 2, 250, 2 ** 31 - 1, 2 ** 40]);
  }
}

function messageOf(grammar: Grammar, desc: DescMessage, depth: number): unknown {
  const { random } = grammar;
  if (desc.typeName === "google.protobuf.Timestamp")
    return random.pick([
      "2024-01-01T00:00:00Z",
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999Z",
      hostileText(random),
    ]);
  if (desc.typeName === "google.protobuf.Struct")
    return { a: hostileJson(random), email: `s${random.below(1e6)}@example.org` };
  if (desc.typeName.startsWith("google.protobuf.")) return hostileJson(random);
  return depth >= deepest ? {} : treeOf(grammar, desc, depth + 1);
}
