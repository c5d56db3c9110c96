import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProviderFailure } from "../../src/provider/provider-failure.ts";
import { mapped, written } from "../support/mapper.ts";

const cel = (expression: string, claims?: Record<string, unknown>) =>
  mapped({ mapper_url: written(expression), mapper_language: "cel" }, { claims });

test("a mapper in CEL makes traits, metadata and addresses of claims", async () => {
  const expression = `
    {
      "identity": {
        "traits": {
          "email": claims.email.trim().lowerAscii(),
          "name": {"first": claims.name.split(" ")[0]},
          "phone": claims.?phone_number,
          "plan": identity.traits.?plan.orValue("free"),
        },
        "metadata_public": {"picture": claims.?picture.orValue(null)},
        "metadata_admin": {"groups": claims.?groups.orValue([]).filter(g, g.startsWith("staff-"))},
        "verified_addresses": claims.email_verified ? [{"via": "email", "value": claims.email}] : [],
      }
    }`;
  const claims = { email_verified: true, groups: ["staff-it", "guests"] };
  assert.deepEqual(await cel(expression, claims), {
    traits: { email: "ada@example.org", name: { first: "Ada" }, plan: "free" },
    metadata_public: { picture: null },
    metadata_admin: { groups: ["staff-it"] },
    verified_addresses: [{ via: "email", value: "ada@example.org" }],
  });
});

test("values of CEL are written as JSON has them", async () => {
  const { traits } = await cel(
    `{"identity": {"traits": {
    "int": 5, "large": 9007199254740993, "uint": 7u, "bytes": b"abc", "none": optional.none(), "some": optional.of(1),
    "time": timestamp("2026-01-02T03:04:05Z"), "duration": duration("90s"), "claim": claims.n, "sum": int(claims.n) + 1
  }}}`,
    { n: 3 },
  );
  assert.deepEqual(traits, {
    ...{ int: 5, large: "9007199254740993", uint: 7, bytes: "YWJj", some: 1 },
    ...{ time: "2026-01-02T03:04:05.000Z", duration: "90s", claim: 3, sum: 4 },
  });
});

test("what is wrong with a mapper in CEL is told with its line, and what takes too long ends", async () => {
  const endless = { list: Array.from({ length: 1000 }, (_, index) => index), long: `${"a".repeat(40)}!` };
  const cases: readonly (readonly [expression: string, reason: string, message: RegExp])[] = [
    ['{\n  "identity": {', "evaluation_failed", /cannot be read at line 2, column 16/],
    ['{\n  "identity": person }', "evaluation_failed", /cannot be read at line 2, column 15: .*person/],
    ['{"identity":\n{"traits": {"a": claims.emial}}}', "evaluation_failed", /fails at line 2, column 25: .*emial/],
    ["claims.constructor", "evaluation_failed", /fails at line 1/],
    ["claims.list.all(a, claims.list.all(b, claims.list.all(c, true)))", "evaluation_failed", /exceeded its limits/],
    ['claims.long.matches("^(a+)+$")', "evaluation_failed", /exceeded its limits/],
    ["(".repeat(1000), "evaluation_failed", /cannot be read at line 1/],
    [`"${"x".repeat(70_000)}"`, "evaluation_failed", /longer than 65536 characters/],
    [`${"[".repeat(70)}${"]".repeat(70)}`, "evaluation_failed", /cannot be read at line 1.*maxDepth/],
    [`[${"1,".repeat(1001)}]`, "evaluation_failed", /cannot be read at line 1.*maxListElements/],
    [Array(5100).fill("1").join("+"), "evaluation_failed", /cannot be read at line 1/],
    [
      '{"identity": {"traits": {"a": claims.list.map(x, claims.list.map(y, claims.long))}}}',
      "evaluation_failed",
      /exceeded its limits/,
    ],
    ["claims.list", "invalid_output", /did not return an object/],
    ['{"identity": {"traits": null}}', "invalid_traits", /`identity.traits`/],
  ];
  for (const [expression, reason, message] of cases)
    await assert.rejects(cel(expression, endless), (failure: ProviderFailure) => {
      assert.deepEqual([failure.step, failure.reason], ["jsonnet_run", reason], failure.message);
      assert.match(failure.message, message);
      return true;
    });
});
