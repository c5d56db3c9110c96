import { ScalarType, getOption, hasOption } from "@bufbuild/protobuf";
import type { DescField } from "@bufbuild/protobuf";
import { field as rulesOf } from "#gen/buf/validate/validate_pb.js";
import { wordsOf } from "./shape.ts";

/** What a field holds, in a word or a link to it. */
export function typeOf(field: DescField): string {
  const one = elementOf(field);
  if (field.fieldKind === "map") return `map of ${one}`;
  return field.fieldKind === "list" ? `list of ${one}` : one;
}

function elementOf(field: DescField): string {
  if (field.enum) return [...wordsOf(field.enum).byName.keys()].map((word) => `\`${word}\``).join(", ");
  if (field.message)
    return field.message.file.name.startsWith("google/")
      ? (wellKnown[field.message.typeName] ?? field.message.name)
      : field.message.name;
  switch (field.scalar) {
    case ScalarType.STRING:
      return "text";
    case ScalarType.BOOL:
      return "flag";
    case ScalarType.BYTES:
      return "bytes";
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return "number";
    default:
      return "whole number";
  }
}

const wellKnown: Readonly<Record<string, string>> = {
  "google.protobuf.Timestamp": "moment",
  "google.protobuf.Duration": "duration",
  "google.protobuf.Struct": "JSON object",
  "google.protobuf.Value": "JSON",
};

/** The bounds that the contract sets. */
export function boundsOf(field: DescField): string {
  if (!hasOption(field, rulesOf)) return "";
  const { type } = getOption(field, rulesOf);
  if (type.case === "repeated") return `at most ${type.value.maxItems} of them`;
  if (type.case === "int32" && type.value.greaterThan.case === "gte" && type.value.lessThan.case === "lte")
    return `${type.value.greaterThan.value} to ${type.value.lessThan.value}`;
  if (type.case !== "string" && type.case !== "bytes")
    throw new Error(`The reference has no words for the bounds of ${field.toString()}.`);
  if (type.case === "string" && type.value.in.length)
    return `one of ${type.value.in
      .filter(Boolean)
      .map((word) => `\`${word}\``)
      .join(", ")}`;
  const unit = type.case === "string" ? "characters" : "bytes";
  const { minLen: least, maxLen: most } = type.value;
  if (!most) return `at least ${least} ${unit}`;
  return least ? `${least} to ${most} ${unit}` : `at most ${most} ${unit}`;
}
