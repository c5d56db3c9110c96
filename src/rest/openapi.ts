import { createRegistry, getOption, hasOption } from "@bufbuild/protobuf";
import type { DescMethod, DescService, JsonObject } from "@bufbuild/protobuf";
import { http } from "#gen/google/api/annotations_pb.js";
import { method as methodOption } from "#gen/ostiary/rest/v1/rest_pb.js";
import { described, describedField, errorSchema, fieldSchema, refTo } from "./openapi-schema.ts";
import { createRouter } from "./route.ts";
import type { Route } from "./route.ts";
import { shapeOf } from "./shape.ts";

/** What the document says of itself. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  /** The headers that any call may carry, with what they are for. */
  readonly headers?: Readonly<Record<string, string>>;
}

const envelope = "ErrorEnvelope";
const jsonOf = (schema: JsonObject): JsonObject => ({ "application/json": { schema } });

/** Describes the REST side of services by OpenAPI 3.1, from the contract and by the codec's own rules. */
export function openApiOf(services: readonly DescService[], { headers = {}, ...info }: OpenApiInfo): JsonObject {
  // A router refuses what cannot be served: the document describes nothing else.
  createRouter(services);
  const schemas: JsonObject = { [envelope]: errorSchema };
  const paths: JsonObject = { ...healthPaths };
  const carried = Object.entries(headers).map(([name, description]) => ({
    name,
    in: "header",
    description,
    schema: { type: "string" },
  }));
  for (const method of services.flatMap(({ methods }) => methods)) {
    if (method.methodKind === "server_streaming" || !hasOption(method, http)) continue;
    const rule = getOption(method, http);
    for (const [at, { pattern, body, responseBody }] of [rule, ...rule.additionalBindings].entries()) {
      if (pattern.case === undefined || pattern.case === "custom") continue;
      const path = (paths[pattern.value] ??= {}) as JsonObject;
      const parameters = [...parametersOf(method, pattern.value, body, schemas), ...carried];
      path[pattern.case] = {
        operationId: idOf(method, at),
        tags: [method.parent.name],
        ...described(`${method.parent.typeName}.${method.name}`),
        ...(parameters.length && { parameters }),
        ...bodyOf(method, body, schemas),
        responses: responsesOf(method, responseBody || rule.responseBody, schemas),
      };
    }
  }
  for (const route of createRouter(services, ["server_streaming"]).routes) addStream(paths, route, schemas);
  const tags = services.map(({ name, typeName }) => ({ name, ...described(typeName) }));
  return { openapi: "3.1.0", info, tags, paths, components: { schemas } };
}

/** A stream is answered at the address of a call, to those who accept it: it adds its parameters and what it is told by. */
function addStream(paths: JsonObject, { method, verb, segments, responseField }: Route, schemas: JsonObject): void {
  const path = `/${segments.join("/")}`;
  const operation = (paths[path] as JsonObject)[verb.toLowerCase()] as JsonObject;
  const parameters = operation["parameters"] as JsonObject[];
  const known = new Set(parameters.map(({ name }) => name));
  parameters.push(...parametersOf(method, path, "", schemas).filter(({ name }) => !known.has(name)));
  const success = (operation["responses"] as JsonObject)["200"] as JsonObject;
  const schema = responseField ? fieldSchema(responseField, schemas) : refTo(method.output, schemas);
  (success["content"] as JsonObject)["text/event-stream"] = { schema };
}

const idOf = ({ localName }: DescMethod, binding: number) => (binding === 0 ? localName : `${localName}${binding + 1}`);

const kindOf = (method: DescMethod) => (hasOption(method, methodOption) ? getOption(method, methodOption) : undefined);

function parametersOf(method: DescMethod, path: string, body: string, schemas: JsonObject): JsonObject[] {
  const bound = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!));
  return method.input.fields
    .filter(({ name }) => name !== body)
    .map((field) => ({
      name: field.name,
      in: bound.has(field.name) ? "path" : "query",
      ...describedField(field),
      ...((bound.has(field.name) || shapeOf(field).required) && { required: true }),
      schema: fieldSchema(field, schemas),
    }));
}

function bodyOf(method: DescMethod, body: string, schemas: JsonObject): JsonObject {
  const field = method.input.fields.find(({ name }) => name === body);
  if (!field) return {};
  const schema = fieldSchema(field, schemas);
  const form = kindOf(method)?.form;
  // Each line is one.
  if (method.methodKind === "client_streaming")
    return {
      requestBody: { required: true, ...describedField(field), content: { "application/x-ndjson": { schema } } },
    };
  const content = { ...jsonOf(schema), ...(form && { "application/x-www-form-urlencoded": { schema } }) };
  return { requestBody: { required: true, ...describedField(field), content } };
}

function responsesOf(method: DescMethod, responseBody: string, schemas: JsonObject): JsonObject {
  const { status: said = 0, navigable = false, rejected = "" } = kindOf(method) ?? {};
  const status = said || 200;
  const answer = responseBody ? method.output.fields.find(({ name }) => name === responseBody) : undefined;
  const success = answer ? fieldSchema(answer, schemas) : refTo(method.output, schemas);
  const flow = rejected && createRegistry(method.parent.file, ...method.parent.file.dependencies).getMessage(rejected);
  const error = { $ref: `#/components/schemas/${envelope}` };
  return {
    [String(status)]: {
      description: "Success.",
      ...(status !== 204 && status !== 303 && { content: jsonOf(success) }),
    },
    ...(navigable && { "303": { description: "A navigating browser is sent on." } }),
    ...(flow && {
      "400": { description: "The submission will not do.", content: jsonOf({ anyOf: [refTo(flow, schemas), error] }) },
    }),
    default: { description: "An error.", content: jsonOf(error) },
  };
}

const healthPath = (operationId: string, description: string): JsonObject => ({
  get: {
    operationId,
    tags: ["Health"],
    description,
    responses: {
      "200": {
        description: "It is.",
        content: jsonOf({ type: "object", properties: { status: { type: "string", const: "ok" } } }),
      },
      "503": {
        description: "It is not: what is wrong, by part of the server.",
        content: jsonOf({
          type: "object",
          properties: { errors: { type: "object", additionalProperties: { type: "string" } } },
        }),
      },
    },
  },
});

const healthPaths: JsonObject = {
  "/health/alive": healthPath("isAlive", "Tells whether the server runs."),
  "/health/ready": healthPath(
    "isReady",
    "Tells whether the server can serve: whether its database can be read and written.",
  ),
};
