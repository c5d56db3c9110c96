import { ScalarType, getOption, hasOption } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescMethod, DescService, JsonObject } from "@bufbuild/protobuf";
import { http } from "#gen/google/api/annotations_pb.js";
import { method as methodOption } from "#gen/ostiary/rest/v1/rest_pb.js";
import { createRouter } from "./route.ts";
import { discriminatorOf, shapeOf, wordsOf } from "./shape.ts";

/** What the document says of itself. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
}

const envelope = "ErrorEnvelope";
const jsonOf = (schema: JsonObject): JsonObject => ({ "application/json": { schema } });

/** Describes the REST side of services by OpenAPI 3.1, from the contract and by the codec's own rules. */
export function openApiOf(services: readonly DescService[], info: OpenApiInfo): JsonObject {
  // A router refuses what cannot be served: the document describes nothing else.
  createRouter(services);
  const schemas: JsonObject = { [envelope]: errorSchema };
  const paths: JsonObject = {};
  for (const method of services.flatMap(({ methods }) => methods)) {
    if (!hasOption(method, http)) continue;
    const rule = getOption(method, http);
    for (const [at, { pattern, body, responseBody }] of [rule, ...rule.additionalBindings].entries()) {
      if (pattern.case === undefined || pattern.case === "custom") continue;
      const path = (paths[pattern.value] ??= {}) as JsonObject;
      const operation = operationOf(method, pattern.value, body, responseBody || rule.responseBody, schemas);
      path[pattern.case] = { operationId: idOf(method, at), ...operation };
    }
  }
  return { openapi: "3.1.0", info: { ...info }, paths, components: { schemas } };
}

const idOf = ({ localName }: DescMethod, binding: number) => (binding === 0 ? localName : `${localName}${binding + 1}`);

function operationOf(method: DescMethod, path: string, body: string, responseBody: string, schemas: JsonObject): JsonObject {
  const bound = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!));
  const shape = hasOption(method, methodOption) ? getOption(method, methodOption) : undefined;
  const parameters = method.input.fields
    .filter(({ name }) => name !== body)
    .map((field) => ({
      name: shapeOf(field).name,
      in: bound.has(field.name) ? "path" : "query",
      ...(bound.has(field.name) && { required: true }),
      schema: fieldSchema(field, schemas),
    }));
  const bodyField = method.input.fields.find(({ name }) => name === body);
  const answer = responseBody ? method.output.fields.find(({ name }) => name === responseBody) : undefined;
  const success = answer ? fieldSchema(answer, schemas) : refTo(method.output, schemas);
  const status = shape?.status || 200;
  const described = { description: "Success." };
  return {
    tags: [method.parent.name],
    ...(parameters.length && { parameters }),
    ...(bodyField && { requestBody: { required: true, content: contentOf(fieldSchema(bodyField, schemas), shape?.form) } }),
    responses: {
      [String(status)]: status === 204 || status === 303 ? described : { ...described, content: jsonOf(success) },
      ...(shape?.navigable && { "303": { description: "A navigating browser is sent on." } }),
      default: { description: "An error.", content: jsonOf({ $ref: `#/components/schemas/${envelope}` }) },
    },
  };
}

const contentOf = (schema: JsonObject, form?: boolean): JsonObject => ({
  ...jsonOf(schema),
  ...(form && { "application/x-www-form-urlencoded": { schema } }),
});

function refTo(desc: DescMessage, schemas: JsonObject): JsonObject {
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
  const properties = Object.fromEntries(plain.map((field) => [shapeOf(field).name, fieldSchema(field, schemas)]));
  const object: JsonObject = { type: "object", properties };
  if (!flat.length) return object;
  const arms = flat.flatMap((oneof) => oneof.fields.map((field) => armSchema(discriminatorOf(oneof)!, field, schemas)));
  return plain.length ? { allOf: [object, { oneOf: arms }] } : { oneOf: arms };
}

function armSchema(tag: string, field: DescField, schemas: JsonObject): JsonObject {
  const named = { type: "object", properties: { [tag]: { type: "string", const: shapeOf(field).name } }, required: [tag] };
  return field.message ? { allOf: [named, refTo(field.message, schemas)] } : named;
}

function fieldSchema(field: DescField, schemas: JsonObject): JsonObject {
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

const errorSchema: JsonObject = {
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
