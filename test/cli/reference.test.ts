import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { commandReference } from "../../src/cli/reference.ts";

test("the reference of commands is that of the commands", async () => {
  const written = readFileSync(new URL("../../docs/reference/command-line.md", import.meta.url), "utf8");
  assert.equal(written, await commandReference(), "run `npm run reference`");
});
