import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { withStops } from "../../scripts/stops-table.ts";

test("the page of the house tells of every stop on the way of a submission: npm run reference", () => {
  const written = readFileSync(new URL("../../src/README.md", import.meta.url), "utf8");
  assert.equal(withStops(written), written);
  assert.match(written, /\| not forged \| `origin.ts`: `refuseForged` \| • \| \| \| all \| SECURITY_CSRF_VIOLATION \|/);
});
