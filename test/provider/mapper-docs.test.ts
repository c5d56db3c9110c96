import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { mapped, written } from "../support/mapper.ts";

const page = readFileSync(new URL("../../docs/mappers.md", import.meta.url), "utf8");
const example = (language: string) => {
  const [, text] = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(page)!;
  return { mapper_url: written(text!), mapper_language: language };
};

test("the examples of the documentation do what is said of them", async () => {
  const bare = { email: "ada@example.org", name: "Ada Lovelace" };
  const claims = {
    ...{ email: "ada@example.org", email_verified: true, given_name: "Augusta", phone_number: "+4915123456789" },
    raw_claims: { groups: ["staff-it", "guests"] },
  };
  const verified_addresses = [{ via: "email", value: "ada@example.org" }];
  assert.deepEqual(await mapped(example("jsonnet"), { claims }), {
    traits: { email: "ada@example.org", name: { first: "Augusta" } },
    metadata_admin: { groups: ["staff-it", "guests"] },
    verified_addresses,
  });
  assert.deepEqual(await mapped(example("jsonnet"), { claims: bare }), {
    traits: { email: "ada@example.org" },
    metadata_admin: { groups: [] },
    verified_addresses: [],
  });
  assert.deepEqual(await mapped(example("cel"), { claims }), {
    traits: { email: "ada@example.org", phone: "+4915123456789", name: { first: "Augusta" } },
    metadata_admin: { groups: ["staff-it"] },
    verified_addresses,
  });
  assert.deepEqual(await mapped(example("cel"), { claims: bare }), {
    traits: { email: "ada@example.org", name: { first: "Ada" } },
    metadata_admin: { groups: [] },
    verified_addresses: [],
  });
});
