import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { configReference } from "../../src/config/reference.ts";

test("the reference is up to date: npm run reference", () => {
  const written = readFileSync(new URL("../../docs/reference/config.md", import.meta.url), "utf8");
  assert.ok(written === configReference());
});
