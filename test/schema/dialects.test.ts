import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIdentitySchema } from "../../src/schema/identity-schema.ts";
import { validateTraits } from "../../src/schema/validate.ts";
import type { Json } from "../support/client.ts";
import { encoded } from "../support/config.ts";
import { startServer } from "../support/server.ts";

const drafts = {
  "04": "http://json-schema.org/draft-04/schema#",
  "06": "http://json-schema.org/draft-06/schema#",
  "07": "http://json-schema.org/draft-07/schema#",
  "2019": "https://json-schema.org/draft/2019-09/schema",
  "2020": "https://json-schema.org/draft/2020-12/schema",
};
type Draft = keyof typeof drafts;

const parse = (document: object) =>
  parseIdentitySchema(document, {
    id: "x",
    url: "base64://",
    read: () => Promise.reject(new Error("there is nothing else")),
  });
const schemaOf = (draft: Draft, trait: object, root: object = {}) =>
  parse({
    $schema: drafts[draft],
    ...root,
    properties: { traits: { type: "object", properties: { name: { type: "string" }, x: trait } } },
  });

/** Whether a value is taken by a trait's schema, in each of some drafts. */
async function holds(trait: object, expected: Partial<Record<Draft, boolean>>, value: unknown, root: object = {}) {
  for (const [draft, fits] of Object.entries(expected))
    assert.equal(
      validateTraits(await schemaOf(draft as Draft, trait, root), { x: value }).length === 0,
      fits,
      `${draft}: ${JSON.stringify(trait)} of ${JSON.stringify(value)}`,
    );
}

test("each draft is judged by its own words", async () => {
  await holds({ minimum: 3, exclusiveMinimum: true }, { "04": false }, 3);
  await holds({ maximum: 3, exclusiveMaximum: false }, { "04": true }, 3);
  await holds({ exclusiveMinimum: 3 }, { "06": false, "07": false, "2019": false, "2020": false }, 3);
  await holds({ const: 1 }, { "04": true, "06": false, "07": false, "2020": false }, 2);
  await holds(
    JSON.parse('{"if": {"type": "string"}, "then": {"minLength": 5}}'),
    { "04": true, "06": true, "07": false, "2019": false, "2020": false },
    "abc",
  );
  await holds(
    { type: "array", items: [{ type: "string" }], additionalItems: { type: "integer" } },
    { "04": true, "07": true, "2019": true },
    ["a", 1],
  );
  await holds(
    { type: "array", items: [{ type: "string" }], additionalItems: { type: "integer" } },
    { "04": false, "07": false, "2019": false },
    [1, 1],
  );
  const tuple = { type: "array", prefixItems: [{ type: "string" }], items: { type: "integer" } };
  await holds(tuple, { "2020": true, "07": false, "2019": false }, ["a", 1]);
  await holds(tuple, { "2020": false, "07": true }, [1]);
  const closed = { type: "object", allOf: [{ properties: { a: { type: "string" } } }], unevaluatedProperties: false };
  await holds(closed, { "07": true, "2019": false, "2020": false }, { b: 1 });
  await holds(closed, { "07": true, "2019": true, "2020": true }, { a: "" });
  await holds(
    { type: "object", dependentRequired: { a: ["b"] } },
    { "07": true, "2019": false, "2020": false },
    { a: 1 },
  );
  await holds(
    { type: "object", dependentSchemas: { a: { required: ["b"] } } },
    { "07": true, "2019": false, "2020": false },
    { a: 1 },
  );
  await holds(
    { type: "array", contains: { type: "integer" }, minContains: 2 },
    { "07": true, "2019": false, "2020": false },
    [1],
  );
  // Until draft 7 nothing counts beside a reference.
  await holds(
    { $ref: "#/definitions/text", maxLength: 1 },
    { "04": true, "07": true, "2019": false, "2020": false },
    "ab",
    { definitions: { text: { type: "string" } } },
  );
});

test("what a text holds is judged as Kratos does, until later drafts only told of it", async () => {
  const base64 = { type: "string", contentEncoding: "base64" };
  for (const [text, fits] of [
    ["@@", false],
    ["YQ==", true],
    ["YQ", false],
    ["YQ=", false],
    ["YR==", true],
    ["", true],
    ["Y\nQ==", true],
    ["_-==", false],
  ] as const)
    await holds(base64, { "07": fits, "04": true, "06": true, "2019": true, "2020": true }, text);
  const json = { type: "string", contentMediaType: "application/json" };
  await holds(json, { "07": false, "2020": true }, "{");
  await holds(json, { "07": true }, "{}");
  await holds({ ...json, contentEncoding: "base64" }, { "07": false }, Buffer.from("{").toString("base64"));
  await holds({ ...json, contentEncoding: "base64" }, { "07": true }, Buffer.from("{}").toString("base64"));
  await holds({ ...json, contentEncoding: "quoted-printable" }, { "07": true }, "{");
});

test("multiples are reckoned in decimal", async () => {
  for (const [value, of, fits] of [
    [0.3, 0.1, true],
    [19.99, 0.01, true],
    [1.005, 0.01, false],
    [4.35, 0.05, true],
    [1e21, 1e20, true],
    [1.5e21, 1e21, false],
    [-0.7, 0.1, true],
    [0, 0.3, true],
    [5e-324, 5e-324, true],
    [1e308, 1e-300, true],
    [7, 2, false],
  ] as const)
    await holds({ multipleOf: of }, { "07": fits, "2020": fits }, value);
  for (const odd of [0, -1]) await assert.rejects(schemaOf("07", { multipleOf: odd }), /multiples of/);
});

test("parts are found by the names that they give themselves", async () => {
  const text = { type: "string", maxLength: 2 };
  const parts: readonly (readonly [Draft, object, object])[] = [
    ["04", { $ref: "#text" }, { definitions: { t: { id: "#text", ...text } } }],
    ["06", { $ref: "#text" }, { definitions: { t: { $id: "#text", ...text } } }],
    ["07", { $ref: "#text" }, { $id: "https://example.org/s.json", definitions: { t: { $id: "#text", ...text } } }],
    [
      "07",
      { $ref: "https://example.org/s.json#text" },
      { $id: "https://example.org/s.json", definitions: { t: { $id: "#text", ...text } } },
    ],
    ["07", { $ref: "text.json" }, { definitions: { t: { $id: "text.json", ...text } } }],
    ["07", { $ref: "urn:example:text" }, { definitions: { t: { $id: "urn:example:text", ...text } } }],
    [
      "07",
      { $ref: "text.json#/definitions/inner" },
      { definitions: { t: { $id: "text.json", definitions: { inner: text } } } },
    ],
    [
      "07",
      { $ref: "text.json" },
      {
        definitions: {
          t: { $id: "text.json", allOf: [{ $ref: "#/definitions/inner" }], definitions: { inner: text } },
        },
      },
    ],
    [
      "07",
      { $ref: "text.json" },
      { definitions: { inner: text, t: { $id: "text.json", allOf: [{ $ref: "#/definitions/inner" }] } } },
    ],
    ["2019", { $ref: "#text" }, { $defs: { t: { $anchor: "text", ...text } } }],
    ["2020", { $ref: "#text" }, { $defs: { t: { $anchor: "text", ...text } } }],
    ["2020", { $ref: "sub#text" }, { $defs: { t: { $id: "sub", $defs: { u: { $anchor: "text", ...text } } } } }],
    ["2020", { $ref: "#/$defs/t" }, { $defs: { t: { $dynamicAnchor: "node", ...text } } }],
  ];
  for (const [draft, trait, root] of parts) {
    await holds(trait, { [draft]: true }, "ab", root);
    await holds(trait, { [draft]: false }, "abc", root);
  }
  await assert.rejects(schemaOf("07", { $ref: "none.json" }), /leads nowhere/);
  await assert.rejects(schemaOf("07", { $ref: "#none" }), /names no part/);
});

test("data that looks like a schema is data", async () => {
  const odd = { $ref: "nowhere.json", $id: "x", id: 5 };
  await holds({ enum: [odd] }, { "07": true, "2020": true }, odd);
  await holds({ const: odd, default: odd, examples: [odd] }, { "07": true }, odd);
  const named = {
    type: "object",
    properties: {
      $ref: { type: "string" },
      $id: { type: "integer" },
      const: { type: "string" },
      additionalProperties: { type: "integer" },
    },
    additionalProperties: false,
  };
  await holds(
    named,
    { "04": true, "07": true, "2020": true },
    { $ref: "x", $id: 1, const: "a", additionalProperties: 2 },
  );
  await holds(named, { "07": false, "2020": false }, { additionalProperties: "x" });
});

test("what is not read stops the start by its name", async (t) => {
  const start = (schema: object) =>
    startServer(t, {
      config: { identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(schema) }] } },
    });
  const traits = { type: "object", properties: { name: { type: "string" } } };
  await assert.rejects(
    start({ $schema: "https://json-schema.org/draft/2029-01/schema", properties: { traits } }),
    /2029-01/,
  );
  await assert.rejects(start({ $schema: "https://example.org/my-own", properties: { traits } }), /my-own/);
  await assert.rejects(
    start({
      $schema: drafts["2020"],
      $dynamicAnchor: "node",
      properties: { traits: { ...traits, properties: { tree: { $dynamicRef: "#node" } } } },
    }),
    /\$dynamicRef/,
  );
  const old = encoded({ $schema: drafts["07"], type: "string" });
  await assert.rejects(
    start({ $schema: drafts["2020"], properties: { traits: { ...traits, properties: { name: { $ref: old } } } } }),
    /of draft 2020-12 and refers to .* of draft 07/,
  );
  const { native } = await start({
    $schema: drafts["2020"],
    properties: {
      traits: {
        ...traits,
        properties: { name: { $ref: encoded({ $schema: drafts["2020"], type: "string", title: "Name" }) } },
      },
    },
  });
  const { body } = await native.get("/self-service/registration/api");
  assert.ok(body.ui.nodes.some(({ meta }: Json) => meta.label?.text === "Name"));
});
