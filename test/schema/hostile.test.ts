import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIdentitySchema } from "../../src/schema/identity-schema.ts";
import { SchemaRefused } from "../../src/schema/limits.ts";
import { validateTraits } from "../../src/schema/validate.ts";

const withTraits = (properties: object, more: object = {}) => ({
  $id: "https://example.org/hostile.schema.json",
  type: "object",
  ...more,
  properties: { traits: { type: "object", properties } },
});
const parse = (document: unknown) => parseIdentitySchema("hostile", "base64://", document);
const nested = (depth: number): object => (depth ? { type: "object", properties: { inner: nested(depth - 1) } } : { type: "string" });
const many = (count: number, make: (at: number) => unknown) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, make(at)]));
const name = { name: { type: "string" } };
const toA = { name: { $ref: "#/definitions/a" } };

test("a pattern takes no longer than its text", () => {
  const schema = parse(withTraits({ name: { type: "string", pattern: "^(a+)+$" } }));
  const start = performance.now();
  assert.equal(validateTraits(schema, { name: `${"a".repeat(50_000)}!` }).length, 1);
  assert.ok(performance.now() - start < 1000);
});

const refused: readonly (readonly [string, unknown])[] = [
  ["nests deeper than 32", withTraits({ deep: nested(20) })],
  ["has more than 1024 keys in one object", withTraits(many(1025, () => ({ type: "string" })))],
  ["has more than 128 items in a list", withTraits({ name: { enum: Array.from({ length: 129 }, (_, at) => at) } })],
  ["has more than 8192 parts", withTraits(many(1000, () => ({ enum: [1, 2, 3, 4, 5, 6, 7, 8] })))],
  ["is a reference as a whole", { $ref: "#/definitions/a", ...withTraits(name) }],
  ["refers to itself as a whole", withTraits({ name: { allOf: [{ $ref: "#" }] } })],
  ["refers to itself in place", withTraits({ name: { allOf: [{ $ref: "#/properties/traits/properties/name" }] } })],
  ["hides that behind its own address", withTraits({ name: { $ref: "https://example.org/hostile.schema.json#/properties/traits/properties/n%61me" } })],
  [
    "goes round by two definitions",
    withTraits(toA, { definitions: { a: { anyOf: [{ $ref: "#/definitions/b" }] }, b: { not: { $ref: "#/definitions/a" } } } }),
  ],
  [
    "doubles with each of thirty references",
    withTraits(
      { name: { $ref: "#/definitions/n0" } },
      { definitions: many(31, (at) => (at === 30 ? {} : { allOf: [{ $ref: `#/definitions/n${at + 1}` }, { $ref: `#/definitions/n${at + 1}` }] })) },
    ),
  ],
  ["has a pattern that looks ahead", withTraits({ name: { type: "string", pattern: "^(?!x)" } })],
];

for (const [what, document] of refused)
  test(`a schema is refused that ${what}`, () => {
    assert.throws(() => parse(document), SchemaRefused);
  });

test("a tree may hold trees", () => {
  const tree = { type: "object", properties: { child: { $ref: "#/definitions/tree" } }, additionalProperties: false };
  const schema = parse(withTraits({ name: { type: "string" }, family: { $ref: "#/definitions/tree" } }, { definitions: { tree } }));
  assert.deepEqual(validateTraits(schema, { family: { child: { child: {} } } }), []);
  assert.equal(validateTraits(schema, { family: { child: { child: 5 } } }).length, 1);
});
