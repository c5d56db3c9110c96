import { create } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ListIdentitiesResponseSchema } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { ContinueWithSchema } from "#gen/ostiary/type/v1/continue_with_pb.js";
import { IdentitySchema } from "#gen/ostiary/type/v1/identity_pb.js";
import { encoderOf, textOf } from "../../src/rest/encode.ts";
import { JsonDocument } from "../../src/rest/json-document.ts";
import { put, putName, putNumber, putString, putValue, written } from "../../src/rest/json-bytes.ts";

const strings = [
  "",
  "plain",
  'a "quoted" word and a \\ backslash',
  "a line\nand a\ttab, \u0000 and \u001f and \u007f",
  "Grüße, 日本語, 🦭",
  "half of a pair: \ud83e, and the other: \udda9",
  "\u2028 and \u2029",
  "long ".repeat(100),
  "länger ".repeat(100),
  "a letter at the end of what is written by letters: ".repeat(5).padEnd(255, "x").concat("é"),
];

test("strings are written as JSON.stringify writes them", () => {
  for (const text of strings) {
    assert.equal(String(written(() => putString(text))), JSON.stringify(text));
    assert.equal(String(written(() => putValue({ [text]: [text] }))), JSON.stringify({ [text]: [text] }));
  }
});

test("numbers that JSON does not know are null", () => {
  for (const number of [0, -0, 1.5, -17, 1e21, 5e-324, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(
      written(() => putNumber(number)),
      JSON.stringify(number),
    );
});

test("what is long comes as bytes of its own, however long it is", () => {
  const long = (letter: string, length: number) => {
    const text = written(() => {
      put("[");
      for (let n = 0; n < length; n++) putString(letter.repeat(100));
      put("]");
    });
    assert.ok(Buffer.isBuffer(text));
    return text;
  };
  const first = long("a", 30_000);
  const second = long("ü", 1_000);
  assert.deepEqual(
    JSON.parse(first.toString().replaceAll('""', '","')),
    Array.from({ length: 30_000 }, () => "a".repeat(100)),
  );
  assert.deepEqual(
    JSON.parse(second.toString().replaceAll('""', '","')),
    Array.from({ length: 1_000 }, () => "ü".repeat(100)),
  );
});

test("what is written while something else is being written, or fails, leaves that alone", () => {
  const inner = () => {
    const text = written(() => putString("inneres, grün"));
    assert.equal(text, '"inneres, grün"');
    assert.throws(() =>
      written(() => {
        put("half");
        throw new Error("no more");
      }),
    );
  };
  const text = written(() => {
    put("{");
    putName('"before":');
    putString("a");
    inner();
    putName('"after":');
    putString("b");
    put("}");
  });
  assert.equal(text, '{"before":"a","after":"b"}');
});

test("a message and what it would be made of are written alike, in every form that members have", () => {
  const moment = { seconds: 1_800_000_000n, nanos: 120_000_000 };
  const traits: JsonObject = { email: "a@example.org", 'naïve "name"': [1, null, { "0": true }] };
  const made = {
    id: "1",
    externalId: "ext",
    credentials: { 'a "kind"': { type: "password", identifiers: ["ä", "b"], config: { x: 1 }, version: 2 }, code: {} },
    schemaId: "person",
    state: 1,
    traits,
    verifiableAddresses: [{ value: "a@example.org", verified: true, verifiedAt: moment }, { id: "2" }],
    metadataAdmin: {
      kind: { case: "listValue" as const, value: { values: [{ kind: { case: "numberValue" as const, value: 3 } }] } },
    },
    createdAt: moment,
  };
  const expected = {
    id: "1",
    external_id: "ext",
    credentials: {
      'a "kind"': { type: "password", identifiers: ["ä", "b"], config: { x: 1 }, version: 2 },
      code: { type: "", identifiers: [], version: 0 },
    },
    schema_id: "person",
    schema_url: "",
    state: "active",
    traits,
    verifiable_addresses: [
      { id: "", value: "a@example.org", verified: true, via: "", status: "", verified_at: "2027-01-15T08:00:00.120Z" },
      { id: "2", value: "", verified: false, via: "", status: "" },
    ],
    metadata_public: null,
    metadata_admin: [3],
    created_at: "2027-01-15T08:00:00.120Z",
    organization_id: null,
  };
  const write = encoderOf(IdentitySchema);
  assert.deepEqual(write(create(IdentitySchema, made)), expected);
  assert.deepEqual(write(made), expected);
  assert.equal(
    textOf(ListIdentitiesResponseSchema)({}),
    textOf(ListIdentitiesResponseSchema)(create(ListIdentitiesResponseSchema)),
  );
});

test("an arm that is written flat says which one it is", () => {
  const write = textOf(ContinueWithSchema);
  assert.equal(
    write({ action: { case: "setOrySessionToken", value: { orySessionToken: 'a"b' } } }),
    '{"ory_session_token":"a\\"b","action":"set_ory_session_token"}',
  );
  assert.equal(write({}), "{}");
});

test("what is frozen is written once", () => {
  const write = textOf(IdentitySchema);
  const frozen = Object.freeze({ id: "1" });
  assert.equal(write(frozen), write(frozen));
  const thawed = { id: "1" };
  const before = write(thawed);
  thawed.id = "2";
  assert.notEqual(write(thawed), before);
});

test("a document that is text already is written as it stands, of any kind, and beside others", () => {
  const text = '{"name":{"last":"Grün"},"age":1e3}';
  const metadata = '["gold",null]';
  const written = String(
    textOf(IdentitySchema)({
      id: "1",
      traits: new JsonDocument(text),
      metadataPublic: new JsonDocument(metadata),
      metadataAdmin: new JsonDocument("null"),
    }),
  );
  assert.ok(written.includes(`"traits":${text},`), written);
  assert.ok(written.includes(`"metadata_public":${metadata},"metadata_admin":null`), written);
});
