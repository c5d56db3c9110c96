import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { servicesOf } from "../../src/app/services.ts";
import { ErrorReason } from "../../src/errors.ts";
import { apiReference } from "../../src/rest/reference.ts";

const services = { public: servicesOf.public(), admin: servicesOf.admin() };
const reference = apiReference(services);

test("the reference of the API is up to date: npm run reference", () => {
  const written = readFileSync(new URL("../../docs/reference/api.md", import.meta.url), "utf8");
  assert.ok(written === reference);
});

test("the reference has every call with a sentence, and every error", () => {
  for (const { desc } of [...services.public, ...services.admin])
    for (const { name } of desc.methods) assert.match(reference, new RegExp(`^### ${name}\\n\\n[A-Z]`, "m"));
  const reasons = Object.keys(ErrorReason).filter((name) => /^[A-Z]/.test(name) && name !== "UNSPECIFIED");
  assert.ok(reasons.length > 30);
  for (const name of reasons)
    assert.match(reference, new RegExp(`^\\| \`${name}\` \\| [A-Z_]+ \\| [45]\\d\\d \\|`, "m"));
});
