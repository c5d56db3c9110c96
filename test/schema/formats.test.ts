import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIdentitySchema } from "../../src/schema/identity-schema.ts";
import { validateTraits } from "../../src/schema/validate.ts";
import { encoded } from "../support/config.ts";
import { onEachDatabase } from "../support/servers.ts";

/** Formats, texts that Kratos takes for them, and texts that it refuses: as its library for schemas (ory/jsonschema v3) says when it is asked. */
const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    "date-time",
    ["2024-02-29T23:59:59Z", "2024-01-01T1:02:03.5+01:00", "0000-01-01T00:00:00,123Z", "2024-01-01T00:00:00+24:60"],
    [
      "2023-02-29T00:00:00Z",
      "2024-01-01T24:00:00Z",
      "2024-01-01T00:00:60Z",
      "2024-01-01t00:00:00z",
      "2024-01-01T00:00:00-25:00",
      "2024-01-01 00:00:00Z",
      "2024-01-01T00:00:00",
      "2024-01-01T00:00:00.Z",
    ],
  ],
  [
    "date",
    ["2024-02-29", "0000-01-01"],
    ["2023-02-29", "2024-1-1", "2024-13-01", "2024-00-10", "2024-01-00", "20240-01-01", "2024-04-31", "1900-02-29"],
  ],
  [
    "time",
    ["1:02:03Z", "23:59:59.999999999999Z", "12:00:00+05:30", "12:00:00,5Z"],
    ["12:00Z", "12:00:00", "24:00:00Z", "12:0:00Z"],
  ],
  [
    "hostname",
    [
      "a",
      "a.b",
      "a.",
      "a.-b",
      "localhost",
      `${"a".repeat(63)}.org`,
      `${"a".repeat(49)}.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.abc`,
    ],
    ["-a.b", "a-.b", "ex_ample.org", "ex\u00e4mple.org", "a..b", ".", "", `${"a".repeat(64)}.org`],
  ],
  [
    "email",
    [
      "joe@localhost",
      "a@b",
      "j\u00f6rg@example.org",
      "jo\u0308rg@example.org",
      `${"a".repeat(64)}@b.c`,
      '"a b"@c.d',
      '"a@b"@c.d',
      " a@b.c",
      "a'b@c.d",
      "a+b@c.d",
      '"a\\"b"@c.d',
      "a@xn--exmple-cua.org",
      "\ta@b.c",
      "a\u00a0b@c.d",
      "a\u200bb@c.d",
      "a`{|}~!#$%&'*/=?^_-@c.d",
    ],
    [
      `${"a".repeat(65)}@b.c`,
      "\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc\u00fc@b.c",
      '""@c.d',
      ".a@b.c",
      "a..b@c.d",
      "a.@b.c",
      "a b@c.d",
      "a@b.c ",
      "a@ b.c",
      "a(c)@b.c",
      "<a@b.c>",
      "A <a@b.c>",
      "a@b.c (x)",
      "a@[1.2.3.4]",
      "a@b.",
      "a@-b.c",
      "a\\b@c.d",
      "a@b@c.d",
      "a,b@c.d",
      "a@ex\u00e4mple.org",
      "g: a@b.c;",
    ],
  ],
  [
    "ipv4",
    ["1.2.3.4", "01.2.3.4", "+1.2.3.4", "-0.1.1.1"],
    ["256.1.1.1", "1.2.3", "1.2.3.4.5", "1.2.3.", "0x1.2.3.4", "1_0.2.3.4", " 1.2.3.4"],
  ],
  [
    "ipv6",
    ["::1", "::", "1::", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::"],
    [
      "fe80::1%eth0",
      "::ffff:01.2.3.4",
      "1:2:3:4:5:6:7",
      "g::",
      "12345::",
      "::1:2:3:4:5:6:7:8",
      "[::1]",
      "1.2.3.4",
      ":",
      "1:::2",
    ],
  ],
  [
    "uri",
    [
      "https://ex\u00e4mple.org/\u00fc",
      "http://a/b c",
      "x:y",
      "mailto:a@b",
      "http://[::1]:80/",
      "http://a:1/",
      "http://u:p@h/",
      "http://h/?%zz",
      "a:b:c",
      "http:",
      "http://",
      "http:///x",
      "http://h%C3%BC/",
      "urn:x:y",
      "javascript:alert(1)",
      "http://a<b>/",
      "a+b-c.1:x",
      "http://[fe80::1%25en0]/",
      "tel:+1",
      "http://h?x",
      "http://h#f",
      "http://u@v@h/",
      "a:",
      'http://h"/',
      "http://h/`",
      "http://:80",
      "http://h:/",
    ],
    [
      "http://a b/",
      "http://[::1",
      "http://a:b/",
      "http://u ser@h/",
      "http://h/%zz",
      "http://h/#%zz",
      "//h",
      "/a",
      "1a:b",
      "http://h%20h/",
      "http://a\\b/",
      "http://{x}/",
      "http://h:80:80/",
      "http://u%zz@h/",
      ":x",
      "http://h\u0001/",
      "http://[::1]x/",
      "http://[v1.a]/",
      "?a",
      "#a",
      "a b",
      "",
      "./a:b",
      "a/b:c",
      "///a",
      "////a",
      "http://::1/",
      "http://[1.2.3.4]/",
      "http://[]/",
      "*",
      "http://h`/",
      "http://h^/",
      "http://h|/",
    ],
  ],
  [
    "uri-template",
    ["http://a/{b}", "{a}/{b}", "a{b}c{d}", "?{b", "#{b"],
    ["a/{b", "a/}b", "a/{{b}}", "{a/b}", "http://{h}/x"],
  ],
  [
    "regex",
    ["a+", "\\d+", "(a)(?P<n>b)", "\\p{L}", "(?i)a", "[[:alpha:]]", "(?<n>a)", "\\Qa*\\E", "\\pN", "\\z"],
    ["(?=x)", "[a-z", "a{1001}", "a**", "\\1", "x{2,1}", "\\C", "(?:", "\\Z", "a++"],
  ],
  ["json-pointer", ["", "/", "/a~0", "/a~1", "//", "/a~~0"], ["/a~2", "/a~", "a", "#/a", "/~~"]],
  ["relative-json-pointer", ["0", "0#", "1/a", "1#", "2/a/~1"], ["01", "-1", "", "10/a~", "0a", "#", "1##"]],
  [
    "tel",
    [
      "+49 (0)151-1234 5678",
      "+4915112345678",
      "tel:+4915112345678",
      "+1 213 373 4253",
      "+442083661177",
      "+44 20 8366 1177 ext. 3",
      "+33 1 09 75 83 51",
      "+380445171111",
      "+12133734253;ext=5",
      "+41 44 668 18 00",
      "+8613800138000",
    ],
    ["015112345678", "+1 213", "+49151123456789012", "", "+", "abc", "+1-555-0100"],
  ],
];

const schemaOf = (trait: object, root: object = {}) =>
  parseIdentitySchema(
    { ...root, properties: { traits: { type: "object", properties: { x: trait } } } },
    { id: "x", url: "base64://", read: () => Promise.reject(new Error("there is nothing else")) },
  );

for (const [format, taken, refused] of table)
  test(`what Kratos takes for ${format} is taken, and what it refuses is refused`, async () => {
    const schema = await schemaOf({ type: "string", format });
    for (const text of taken)
      assert.deepEqual(validateTraits(schema, { x: text }), [], `${format}: ${JSON.stringify(text)}`);
    for (const text of refused)
      assert.equal(validateTraits(schema, { x: text }).length, 1, `${format}: ${JSON.stringify(text)}`);
  });

test("formats go by other names too, and judge text alone", async () => {
  for (const [name, text] of [
    ["ip-address", "1.2.3"],
    ["iri", "x"],
    ["uriref", ":"],
    ["iri-reference", ":"],
  ] as const)
    assert.equal(validateTraits(await schemaOf({ format: name }), { x: text }).length, 1, name);
  for (const [format] of table) assert.deepEqual(validateTraits(await schemaOf({ format }), { x: null }), [], format);
});

test("a format that is not known judges nothing, as uuid and duration in drafts before they came", async () => {
  for (const format of [
    "username",
    "datetime",
    "string",
    "uuid",
    "duration",
    "int32",
    "byte",
    "password",
    "constructor",
  ])
    assert.deepEqual(validateTraits(await schemaOf({ type: "string", format }), { x: "no such thing" }), [], format);
  const later = { $schema: "https://json-schema.org/draft/2020-12/schema" };
  for (const [format, good, bad] of [
    ["uuid", "0190a3c4-0000-7000-8000-00000000000a", "0190a3c4"],
    ["duration", "P1DT2H", "P1DT"],
  ] as const) {
    const schema = await schemaOf({ type: "string", format }, later);
    assert.deepEqual(
      [good, bad].map((x) => validateTraits(schema, { x }).length),
      [0, 1],
      format,
    );
  }
});

const email = {
  type: "string",
  format: "email",
  "ory.sh/kratos": {
    credentials: { password: { identifier: true } },
    verification: { via: "email" },
    recovery: { via: "email" },
  },
};
const schema = {
  properties: {
    traits: { type: "object", properties: { email, home: { type: "string", format: "uri" } }, required: ["email"] },
  },
};

onEachDatabase(
  "accounts whose addresses Kratos takes can be brought along, and saved again",
  async (server) => {
    for (const address of [
      "joe@localhost",
      "a@b",
      "j\u00f6rg@example.org",
      "jo\u0308rgen@example.org",
      '"joe x"@example.org',
      `${"a".repeat(64)}@example.org`,
    ]) {
      const traits = { email: address, home: "https://ex\u00e4mple.org/\u00fc" };
      const { status, body } = await server.adminClient.post("/admin/identities", { schema_id: "person", traits });
      assert.equal(status, 201, `${address}: ${JSON.stringify(body)}`);
      assert.deepEqual(body.traits, traits);
      const saved = await server.admin("PUT", `/admin/identities/${body.id}`, {
        json: { schema_id: "person", state: "active", traits },
      });
      assert.deepEqual([saved.status, saved.body.traits], [200, traits], address);
    }
    for (const address of [
      `${"a".repeat(72)}@example.org`,
      `${"a".repeat(258)}@example.org`,
      "joe",
      "joe@exa_mple.org",
      "joe@ex\u00e4mple.org",
    ])
      assert.equal(
        (await server.adminClient.post("/admin/identities", { schema_id: "person", traits: { email: address } }))
          .status,
        400,
        address,
      );
  },
  { config: { identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(schema) }] } } },
);
