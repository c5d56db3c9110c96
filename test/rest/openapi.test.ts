import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openApiOf } from "../../src/rest/openapi.ts";
import type { Json } from "../support/client.ts";
import { startServer } from "../support/server.ts";

/** Names of Kratos' own OpenAPI document: of operations, their parameters, and the members of what goes in and out. */
const surface: Surface = JSON.parse(readFileSync(new URL("kratos-surface.json", import.meta.url), "utf8"));

/** The members of an object: "" where nothing is below, a name of `schemas`, or members in turn. */
type Members = { readonly [name: string]: string | Members };

interface Surface {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly schemas: Readonly<Record<string, Members>>;
}

interface Operation {
  readonly route: string;
  /** Where each is: query, path or header, with an asterisk where it is required. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: string | Members;
  /** By status; the usual envelope of errors is left out. */
  readonly answers?: Readonly<Record<string, string | Members>>;
}

/** Members that Kratos' document names and its server neither reads nor writes, or that this server leaves out on purpose. */
const leftOut: readonly RegExp[] = [
  // What the methods of Ory's paid builds lead on to.
  /continue_with\.data$/,
  // The document nests the error twice; the server does not.
  /422\.error\.error$/,
  /^exchangeSessionToken 200\.continue_with$/,
  // What proves an OAuth 2.0 client to its server is shown to nobody who signs in for it.
  /oauth2_login_request\.client\.(client_secret|client_secret_expires_at|registration_access_token)$/,
  // A form that signs in by FedCM is a login form; the call is not built yet.
  /^updateFedcmFlow 400\./,
];

test("the OpenAPI documents", async (t) => {
  const found = new Map<string, { route: string; operation: Json; document: Json }>();
  const served: Json[] = [];

  const server = await startServer(t);
  for (const client of [server.native, server.adminClient]) {
    const { body } = await client.get("/openapi.json");
    served.push(body);
    for (const [path, verbs] of Object.entries<Json>(body.paths))
      for (const [verb, operation] of Object.entries<Json>(verbs))
        found.set(operation.operationId, { route: `${verb.toUpperCase()} ${path}`, operation, document: body });
  }

  for (const [id, wanted] of Object.entries(surface.operations))
    await t.test(`have what Kratos has of ${id}`, () => {
      const ours = found.get(id);
      assert.ok(ours, "the operation is there");
      assert.equal(nameless(ours.route), nameless(wanted.route));
      const parameters = (ours.operation.parameters ?? []).map(
        ({ name, in: place, required }: Json) => `${bare(name, place)} ${place}${required ? "*" : ""}`,
      );
      for (const [name, place] of Object.entries(wanted.parameters ?? {}))
        assert.ok(parameters.includes(`${bare(name, place)} ${place}`), `${name} in ${place}, of ${parameters}`);
      const missing: string[] = [];
      const compare = (what: string, members: string | Members, schema: Json) =>
        missing.push(...missingOf(members, schema, ours.document, what, new Set()));
      if (wanted.body) compare("body", wanted.body, schemaOf(ours.operation.requestBody));
      for (const [status, members] of Object.entries(wanted.answers ?? {})) {
        const answer = ours.operation.responses[status] ?? ours.operation.responses.default;
        compare(status, members, schemaOf(answer));
      }
      assert.deepEqual(
        missing.filter((one) => !leftOut.some((known) => known.test(`${id} ${one}`))),
        [],
      );
    });

  await t.test("say what everything is", () => {
    for (const { paths, tags, components } of served) {
      for (const { name, description } of tags) assert.ok(description, name);
      const silent = Object.values<Json>(paths).flatMap((verbs) =>
        Object.values<Json>(verbs).flatMap(({ operationId, description, parameters = [] }) => [
          ...(description ? [] : [operationId]),
          ...parameters.filter((one: Json) => !one.description).map(({ name }: Json) => `${operationId}: ${name}`),
        ]),
      );
      assert.deepEqual(silent, []);
      const members = Object.entries<Json>(components.schemas).flatMap(([name, { properties = {} }]) =>
        Object.entries<Json>(properties)
          .filter(([, one]) => !one.description && name !== "ErrorEnvelope")
          .map(([member]) => `${name}.${member}`),
      );
      assert.deepEqual(members, []);
    }
  });

  await t.test("name every schema that they refer to", () => {
    for (const document of served)
      for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
        assert.ok(document.components.schemas[name!], name);
  });

  await t.test("are made of the services given, and nothing else", () => {
    assert.deepEqual(Object.keys(openApiOf([], { title: "none", version: "0" }).paths as object), [
      "/health/alive",
      "/health/ready",
    ]);
  });
});

/** A route without the names of its parameters, which nobody sends. */
const nameless = (route: string) => route.replaceAll(/\{\w+\}/g, "{}");

/** A parameter's name: in a path it is not sent, in a header its case does not count. */
const bare = (name: string, place: string) =>
  place.startsWith("query") ? name : name.toLowerCase().replaceAll("_", "");

const schemaOf = (carrier: Json) => carrier?.content?.["application/json"]?.schema ?? {};

function missingOf(members: string | Members, schema: Json, document: Json, path: string, seen: Set<string>): string[] {
  if (members === "") return [];
  if (typeof members === "string") {
    if (seen.has(members)) return [];
    return missingOf(surface.schemas[members]!, schema, document, path, new Set([...seen, members]));
  }
  const ours = membersOf(schema, document);
  // Anything at all may be in there.
  if (ours === "free") return [];
  return Object.entries(members).flatMap(([name, below]) => {
    const member = ours.get(name);
    return member ? missingOf(below, member, document, `${path}.${name}`, seen) : [`${path}.${name}`];
  });
}

function membersOf(schema: Json, document: Json): Map<string, Json> | "free" {
  if (schema.$ref) return membersOf(document.components.schemas[schema.$ref.split("/").at(-1)], document);
  if (schema.type === "array") return membersOf(schema.items, document);
  if (schema.additionalProperties || !["type", "properties", "allOf", "oneOf", "anyOf"].some((key) => key in schema))
    return "free";
  const all = new Map<string, Json>(Object.entries(schema.properties ?? {}));
  for (const part of [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
    const inner = membersOf(part, document);
    if (inner === "free") return "free";
    for (const [name, member] of inner) all.set(name, all.has(name) ? { anyOf: [all.get(name), member] } : member);
  }
  return all;
}
