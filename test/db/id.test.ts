import assert from "node:assert/strict";
import { test } from "node:test";
import { isUuid, uuidv7 } from "../../src/db/id.ts";

const moment = 0x017f22e279b0;

test("a UUID carries its time, its version and its variant, and sorts by the time", () => {
  const earlier = uuidv7(moment);
  assert.match(earlier, /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(earlier < uuidv7(moment + 1));
});

test("two thousand UUIDs of one moment are in the order of their making", () => {
  const made = Array.from({ length: 2000 }, () => uuidv7(moment + 1000));
  assert.equal(new Set(made).size, made.length);
  assert.deepEqual(made, made.toSorted());
});

test("a UUID of any version is one, and nothing else is", () => {
  assert.ok(isUuid(uuidv7(moment)));
  assert.ok(isUuid("6BA7B810-9DAD-11D1-80B4-00C04FD430C8"));
  for (const text of ["", "6ba7b810-9dad-11d1-80b4", "6ba7b8109dad11d180b400c04fd430c8", `${uuidv7(moment)}\n`])
    assert.ok(!isUuid(text));
});
