import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { ProviderFailure } from "../../src/provider/provider-failure.ts";
import { mapped, written } from "../support/mapper.ts";

const jsonnet = (program: string) => mapped({ mapper_url: written(program) });

test("a mapper makes traits, metadata and a region of claims, and says which addresses are verified", async () => {
  const identity = await jsonnet(`
      local claims = std.extVar('claims');
      {
        identity: {
          traits: { email: claims.email, name: { first: std.split(claims.name, ' ')[0] } },
          metadata_public: { picture: null },
          metadata_admin: { from: claims.iss },
          verified_addresses: [
            { via: 'email', value: claims.email },
            { via: 'sms', value: '+49 151 23456789' },
          ],
          region: 'eu-central',
        },
      }`);
  assert.deepEqual(identity, {
    traits: { email: " Ada@Example.org ", name: { first: "Ada" } },
    metadata_public: { picture: null },
    metadata_admin: { from: "https://op.example" },
    verified_addresses: [
      { via: "email", value: "ada@example.org" },
      { via: "sms", value: "+4915123456789" },
    ],
    region: "eu-central",
  });
  assert.deepEqual(await jsonnet("{ identity: { traits: {} } }"), { traits: {}, verified_addresses: [] });
});

test("a mapper sees who is there already; without an account there is nothing in it", async () => {
  const mapper_url = written("{ identity: { traits: { seen: std.extVar('identity') } } }");
  const empty = { traits: {}, metadata_public: {}, metadata_admin: {} };
  assert.deepEqual((await mapped({ mapper_url })).traits, { seen: empty });
  const account = { traits: { email: "ada@example.org" }, metadata_public: { plan: "gold" }, metadata_admin: null };
  assert.deepEqual((await mapped({ mapper_url }, { account })).traits, { seen: { ...account, metadata_admin: {} } });
});

test("a mapper is read from a file, which may change, and from the web", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-mapper-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "op.jsonnet");
  writeFileSync(file, "{ identity: { traits: { version: 1 } } }");
  assert.deepEqual((await mapped({ mapper_url: `file://${file}` })).traits, { version: 1 });
  writeFileSync(file, "{ identity: { traits: { version: 'two' } } }");
  assert.deepEqual((await mapped({ mapper_url: `file://${file}` })).traits, { version: "two" });

  const web = createServer((_, res) => res.end("{ identity: { traits: { from: 'the web' } } }")).listen(0);
  t.after(() => web.close());
  const { port } = web.address() as AddressInfo;
  assert.deepEqual((await mapped({ mapper_url: `http://127.0.0.1:${port}/op.jsonnet` })).traits, { from: "the web" });
});

test("what is wrong with a mapper is told with its line", async () => {
  const cases: readonly (readonly [program: string, reason: string, message: RegExp])[] = [
    ["{\n  identity: {", "evaluation_failed", /cannot be read at line 2, column 14/],
    ["local claims = std.extVar('claims');\n\n{ a: claims.emial }", "evaluation_failed", /fails at line 3, .*emial/],
    ["error 'no address, no account'", "evaluation_failed", /line 1, .*no address, no account/],
    ["local f(n) = f(n + 1); f(0)", "evaluation_failed", /exceeded its limits/],
    ["std.range(1, 1e9)", "evaluation_failed", /exceeded its limits/],
    ["import 'other.libsonnet'", "evaluation_failed", /line 1/],
    ["[]", "invalid_output", /did not return an object/],
    ["{ identity: [] }", "invalid_output", /`identity` that is not an object/],
    ["{}", "invalid_traits", /`identity.traits`/],
    ["{ identity: { traits: 'Ada' } }", "invalid_traits", /`identity.traits`/],
    ["{ identity: { traits: {}, metadata_public: null } }", "invalid_metadata_public", /`identity.metadata_public`/],
    ["{ identity: { traits: {}, metadata_admin: [] } }", "invalid_metadata_admin", /`identity.metadata_admin`/],
    ["{ identity: { traits: {}, region: 'atlantis' } }", "invalid_output", /`identity.region`/],
    [
      "{ identity: { traits: {}, verified_addresses: {} } }",
      "invalid_output",
      /`identity.verified_addresses` that is not a list/,
    ],
    [
      "{ identity: { traits: {}, verified_addresses: [{ via: 'fax', value: '1' }] } }",
      "invalid_output",
      /invalid entry in/,
    ],
    ["{ identity: { traits: { name: '\\u0000' } } }", "invalid_output", /JSON that contains the character U\+0000/],
  ];
  for (const [program, reason, message] of cases)
    await assert.rejects(jsonnet(program), (failure: ProviderFailure) => {
      assert.deepEqual([failure.step, failure.reason, failure.status], ["jsonnet_run", reason, 500], program);
      assert.match(failure.message, /^The claims of the provider "op" cannot be mapped\./);
      assert.match(failure.message, message);
      return true;
    });
  await assert.rejects(mapped({ mapper_url: "file:///nowhere/op.jsonnet" }), /cannot be fetched: .*nowhere/);
});
