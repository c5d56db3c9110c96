import { ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, JsonObject } from "@bufbuild/protobuf";
import { comments } from "#gen/ostiary/comments.js";
import { discriminatorOf, shapeOf, wordsOf } from "./shape.ts";

/** What the contract says of a part of it, as OpenAPI's member; nothing where it says nothing. */
export function described(fullName: string): { description?: string } {
  const description = comments[fullName];
  return description ? { description } : {};
}

/** What the contract says of a field. */
export const describedField = ({ parent, name }: DescField): { description?: string } =>
  described(`${parent.typeName}.${name}`);

/** A reference to a message's schema, which is put among the schemas. */
export function refTo(desc: DescMessage, schemas: JsonObject): JsonObject {
  switch (desc.typeName) {
    case "google.protobuf.Timestamp":
      return { type: "string", format: "date-time" };
    case "google.protobuf.Struct":
      return { type: "object", additionalProperties: true };
    case "google.protobuf.Value":
      return {};
    case "google.api.HttpBody":
      return { type: "string", format: "binary" };
  }
  if (!Object.hasOwn(schemas, desc.name)) {
    // Known before it is described, since messages may hold themselves.
    schemas[desc.name] = {};
    schemas[desc.name] = messageSchema(desc, schemas);
  }
  return { $ref: `#/components/schemas/${desc.name}` };
}

function messageSchema(desc: DescMessage, schemas: JsonObject): JsonObject {
  const flat = desc.oneofs.filter((oneof) => discriminatorOf(oneof));
  const plain = desc.fields.filter(({ oneof }) => !oneof || !flat.includes(oneof));
  const properties = Object.fromEntries(
    plain.map((field) => [shapeOf(field).name, { ...fieldSchema(field, schemas), ...describedField(field) }]),
  );
  const object: JsonObject = { type: "object", properties };
  const told = described(desc.typeName);
  if (!flat.length) return { ...told, ...object };
  const arms = flat.flatMap((oneof) => oneof.fields.map((field) => armSchema(discriminatorOf(oneof)!, field, schemas)));
  return { ...told, ...(plain.length ? { allOf: [object, { oneOf: arms }] } : { oneOf: arms }) };
}

function armSchema(tag: string, field: DescField, schemas: JsonObject): JsonObject {
  const named = {
    type: "object",
    properties: { [tag]: { type: "string", const: shapeOf(field).name } },
    required: [tag],
  };
  return field.message ? { allOf: [named, refTo(field.message, schemas)] } : named;
}

/** The schema of a field's JSON. */
export function fieldSchema(field: DescField, schemas: JsonObject): JsonObject {
  const element = elementSchema(field, schemas);
  const { nullWhenUnset } = shapeOf(field);
  const schema: JsonObject =
    field.fieldKind === "list"
      ? { type: "array", items: element }
      : field.fieldKind === "map"
        ? { type: "object", additionalProperties: element }
        : element;
  return nullWhenUnset ? { anyOf: [schema, { type: "null" }] } : schema;
}

function elementSchema(field: DescField, schemas: JsonObject): JsonObject {
  if (field.message) return refTo(field.message, schemas);
  if (field.enum) return { type: "string", enum: [...wordsOf(field.enum).byName.keys()] };
  switch (field.scalar) {
    case ScalarType.BOOL:
      return { type: "boolean" };
    case ScalarType.BYTES:
      return { type: "string", format: "byte" };
    case ScalarType.STRING:
      return { type: "string" };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: "number" };
    default:
      return { type: "integer" };
  }
}

/** The envelope of an error. */
export const errorSchema: JsonObject = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: {
        id: { type: "string" },
        code: { type: "integer" },
        status: { type: "string" },
        request: { type: "string" },
        reason: { type: "string" },
        debug: { type: "string" },
        details: { type: "object", additionalProperties: true },
        message: { type: "string" },
      },
    },
    redirect_browser_to: { type: "string" },
    use_flow_id: { type: "string" },
    expired_at: { type: "string", format: "date-time" },
    since: { type: "integer" },
  },
};
