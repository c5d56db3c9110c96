import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBoundedCache } from "../src/bounded-cache.ts";

const most = 8;

test("a cache never holds more than it may, and always the half that was used last", () => {
  const used = fc.array(fc.record({ key: fc.nat({ max: 20 }), write: fc.boolean() }), { maxLength: 200 });
  fc.assert(
    fc.property(used, (steps) => {
      const cache = createBoundedCache<number, string>(most);
      const lately: number[] = [];
      for (const { key, write } of steps) {
        if (write) assert.equal(cache.set(key, `value ${key}`), `value ${key}`);
        if (write || cache.get(key) !== undefined) lately.push(key);
      }
      const recent = new Set<number>();
      for (let at = lately.length - 1; at >= 0 && recent.size < most / 2; at--) recent.add(lately[at]!);
      for (const key of recent) assert.equal(cache.get(key), `value ${key}`);
      const held = Array.from({ length: 21 }, (_, key) => key).filter((key) => cache.get(key) !== undefined);
      assert.ok(held.length <= most, `${held.length} are held`);
    }),
  );
});

test("what is written anew is found as it was written last, and what is deleted is not found", () => {
  const cache = createBoundedCache<string, number>(most);
  for (let at = 0; at < 3 * most; at++) cache.set("one", at);
  assert.equal(cache.get("one"), 3 * most - 1);
  for (let at = 0; at < most / 2 - 1; at++) cache.set(`other ${at}`, at);
  cache.delete("one");
  assert.equal(cache.get("one"), undefined);
  assert.equal(cache.get("other 0"), 0);
  cache.clear();
  assert.equal(cache.get("other 0"), undefined);
});
