import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

test("all that a page runs is 15 kB of script at most, compressed", () => {
  const own = readFileSync(new URL("../assets/pages.js", import.meta.url));
  const keys = readFileSync(new URL("../../../src/webauthn/browser.js", import.meta.url));
  assert.ok(gzipSync(own).length + gzipSync(keys).length <= 15_000);
});
