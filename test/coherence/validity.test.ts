import assert from "node:assert/strict";
import { test } from "node:test";
import { createValidity } from "../../src/coherence/validity.ts";

test("however much is invalidated, nothing counts that was read before, and what is read after it does", () => {
  const validity = createValidity();
  const before = validity.generation();
  validity.invalidate("ended");
  for (let at = 0; at < 20_000; at++) {
    const read = validity.generation();
    validity.invalidate(`session ${at}`);
    assert.ok(!validity.counts(read, [`session ${at}`]), `session ${at}, as it was`);
    assert.ok(validity.counts(validity.generation(), [`session ${at}`]), `session ${at}, as it is`);
    assert.ok(!validity.counts(before, ["ended"]), `what ended first, ${at} later`);
  }
});

test("one that others end sessions beside lasts, until so many have that nobody remembers them one by one", () => {
  const validity = createValidity();
  const read = validity.generation();
  let lasted = 0;
  for (; validity.counts(read, ["kept"]); lasted++) validity.invalidate(`session ${lasted}`);
  assert.equal(lasted, 4097);
  const again = validity.generation();
  for (let at = 0; at < 4096; at++) validity.invalidate(`another ${at}`);
  assert.ok(validity.counts(again, ["kept"]), "what was read anew is not forgotten with the rest");
  // The same ones again take no more room.
  for (let at = 0; at < 10_000; at++) validity.invalidate(`another ${at % 4000}`);
  assert.ok(validity.counts(again, ["kept"]));
});

test("what is in doubt does not count, whenever it was read, until nobody doubts it", () => {
  const validity = createValidity();
  validity.doubt("session");
  validity.doubt("session");
  const meanwhile = validity.generation();
  assert.ok(!validity.counts(meanwhile, ["session", "account"]));
  assert.ok(validity.counts(meanwhile, ["another", "account"]));
  validity.settle("session");
  assert.ok(!validity.counts(validity.generation(), ["session"]), "one of two");
  validity.settle("session");
  assert.ok(!validity.counts(meanwhile, ["session"]), "it may have been read before the change");
  assert.ok(validity.counts(validity.generation(), ["session"]));
});
