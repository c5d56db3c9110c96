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
const parse = (document: unknown) =>
  parseIdentitySchema(document, {
    id: "hostile",
    url: "base64://",
    read: () => Promise.reject(new Error("there is nothing else")),
  });
const nested = (depth: number): object =>
  depth ? { type: "object", properties: { inner: nested(depth - 1) } } : { type: "string" };
const many = (count: number, make: (at: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, make(at)]));
const name = { name: { type: "string" } };
const within = (member: string, definition: string) => ({
  properties: { [member]: { $ref: `#/definitions/${definition}` } },
});
const toA = { name: { $ref: "#/definitions/a" } };

test("a pattern takes no longer than its text", async () => {
  const schema = await parse(withTraits({ name: { type: "string", pattern: "^(a+)+$" } }));
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
  [
    "hides that behind its own address",
    withTraits({ name: { $ref: "https://example.org/hostile.schema.json#/properties/traits/properties/n%61me" } }),
  ],
  [
    "goes round by two definitions",
    withTraits(toA, {
      definitions: { a: { anyOf: [{ $ref: "#/definitions/b" }] }, b: { not: { $ref: "#/definitions/a" } } },
    }),
  ],
  [
    "doubles with each of thirty references",
    withTraits(
      { name: { $ref: "#/definitions/n0" } },
      {
        definitions: many(31, (at) =>
          at === 30 ? {} : { allOf: [{ $ref: `#/definitions/n${at + 1}` }, { $ref: `#/definitions/n${at + 1}` }] },
        ),
      },
    ),
  ],
  [
    "doubles with each level of a value",
    withTraits(toA, { definitions: { a: { allOf: [within("c", "a"), within("c", "a")] } } }),
  ],
  [
    "doubles with each second level",
    withTraits(toA, { definitions: { a: { allOf: [within("c", "b"), within("c", "b")] }, b: within("c", "a") } }),
  ],
  [
    "doubles with each item within an item",
    withTraits(toA, {
      definitions: { a: { items: { $ref: "#/definitions/a" }, contains: { $ref: "#/definitions/a" } } },
    }),
  ],
  [
    "doubles by a pattern",
    withTraits(toA, {
      definitions: { a: { ...within("c", "a"), patternProperties: { ".": { $ref: "#/definitions/a" } } } },
    }),
  ],
  [
    "grows with a high power of the depth",
    withTraits(
      { name: { $ref: "#/definitions/n0" } },
      { definitions: many(9, (at) => ({ anyOf: [within("c", `n${at}`), within("c", `n${at + 1}`)] })) },
    ),
  ],
  [
    "refers to a part by a name that none has",
    withTraits({ name: { $ref: "#nane" } }, { definitions: { name: { $id: "#name" } } }),
  ],
  [
    "refers to itself by its whole address",
    withTraits({ name: { allOf: [{ $ref: "https://example.org/hostile.schema.json" }] } }),
  ],
  ["has a pattern that looks ahead", withTraits({ name: { type: "string", pattern: "^(?!x)" } })],
];

for (const [what, document] of refused)
  test(`a schema is refused that ${what}`, async () => {
    await assert.rejects(parse(document), SchemaRefused);
  });

test("a tree may hold trees", async () => {
  const tree = { type: "object", properties: { child: { $ref: "#/definitions/tree" } }, additionalProperties: false };
  const schema = await parse(
    withTraits({ name: { type: "string" }, family: { $ref: "#/definitions/tree" } }, { definitions: { tree } }),
  );
  assert.deepEqual(validateTraits(schema, { family: { child: { child: {} } } }), []);
  assert.equal(validateTraits(schema, { family: { child: { child: 5 } } }).length, 1);
});

test("a tree may have many branches, of which each is judged once", async () => {
  const branch = { $ref: "#/definitions/tree" };
  const tree = {
    properties: { left: branch, right: branch },
    additionalProperties: branch,
    allOf: [{ required: ["left"] }, { minProperties: 1 }],
  };
  await parse(
    withTraits({ name: { type: "string" }, family: { ...branch, type: "object" } }, { definitions: { tree } }),
  );
});

const extensions: readonly (readonly [string, object])[] = [
  ["has a name that is misspelt", { credentials: { pasword: { identifier: true } } }],
  ["says nothing by an unknown member", { credential: {} }],
  ["says yes instead of true", { credentials: { password: { identifier: "yes" } } }],
  ["sends codes by pigeon", { credentials: { code: { identifier: true, via: "pigeon" } } }],
];

for (const [what, extension] of extensions)
  test(`a schema is refused whose keyword ${what}`, async () => {
    await assert.rejects(parse(withTraits({ email: { type: "string", "ory.sh/kratos": extension } })), /traits\.email/);
  });

test("what is to be verified is an address, whether or not the schema says so, and nothing else", async () => {
  for (const [via, good, bad] of [
    ["email", "ada@example.org", "ada"],
    ["sms", "+4915112345678", "5"],
  ] as const) {
    const schema = await parse(withTraits({ address: { type: "string", "ory.sh/kratos": { verification: { via } } } }));
    assert.deepEqual(
      [good, bad].map((address) => validateTraits(schema, { address }).length),
      [0, 1],
      via,
    );
    const list = await parse(
      withTraits({
        addresses: { type: "array", items: { type: "string", "ory.sh/kratos": { verification: { via } } } },
      }),
    );
    assert.deepEqual(
      [good, bad].map((address) => validateTraits(list, { addresses: [address] }).length),
      [0, 1],
      via,
    );
    await assert.rejects(
      parse(withTraits({ address: { type: "string", format: "uri", "ory.sh/kratos": { verification: { via } } } })),
      /traits\.address/,
    );
  }
});
