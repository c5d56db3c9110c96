import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createFairCache } from "../../src/coherence/fair-cache.ts";

const cacheOf = (most: number, mostWeight = 1000) =>
  createFairCache<number>({ most, mostWeight, weigh: (value) => value });

test("an owner who asks for ever more pushes out none of the others' values, and has the room that nobody else uses", () => {
  const cache = cacheOf(100);
  for (let at = 0; at < 1000; at++) cache.set("loud", `${at}`, 1);
  assert.equal(cache.size, 100, "alone, all of it");
  const quiet = Array.from({ length: 30 }, (_, at) => `quiet ${at}`);
  for (const key of quiet) cache.set("quiet", key, 1);
  for (let at = 0; at < 10_000; at++) cache.set("loud", `again ${at}`, 1);
  assert.deepEqual(
    quiet.filter((key) => cache.get("quiet", key) === undefined),
    [],
  );
  const loud = Array.from({ length: 10_000 }, (_, at) => cache.get("loud", `again ${at}`)).filter(Boolean);
  assert.deepEqual([loud.length, cache.size], [70, 100], "what the quiet one leaves");
  for (let at = 0; at < 10_000; at++) cache.set("third", `${at}`, 1);
  assert.equal(quiet.filter((key) => cache.get("quiet", key)).length, 30, "less than a third of the room");
});

test("each of many owners who ask for more than there is has an equal share, by number and by weight", () => {
  for (const cache of [cacheOf(90), cacheOf(10_000, 90)]) {
    const owners = ["a", "b", "c"];
    for (let at = 0; at < 500; at++) for (const owner of owners) cache.set(owner, `${at}`, 1);
    for (const owner of owners) {
      const held = Array.from({ length: 500 }, (_, at) => cache.get(owner, `${at}`)).filter(Boolean).length;
      assert.ok(held >= 29 && held <= 31, `${owner} has ${held}`);
    }
  }
});

test("what is in use stays while others pass", () => {
  const cache = cacheOf(10);
  cache.set("a", "used", 7);
  for (let at = 0; at < 1000; at++) {
    assert.equal(cache.get("a", "used"), 7, `after ${at}`);
    cache.set("a", `${at}`, 1);
  }
  assert.equal(cache.get("a", "999"), 1, "and what was kept last");
});

test("a cache never holds more than it may, and finds what was written last or nothing", () => {
  const step = fc.record({
    owner: fc.constantFrom("a", "b", "c"),
    key: fc.constantFrom("1", "2", "3", "4", "5", "6"),
    value: fc.integer({ min: 1, max: 12 }),
    act: fc.constantFrom("set", "set", "get", "delete"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const cache = cacheOf(8, 20);
      const written = new Map<string, number>();
      for (const { owner, key, value, act } of steps) {
        if (act === "set") {
          cache.set(owner, key, value);
          written.set(owner + key, value);
        } else if (act === "delete") {
          cache.delete(owner, key);
          written.delete(owner + key);
        }
        const found = cache.get(owner, key);
        assert.ok(found === undefined || found === written.get(owner + key));
        assert.ok(cache.size <= 8 && cache.weight <= 20, `${cache.size} of ${cache.weight}`);
      }
      const held = [...written.keys()].flatMap((name) => cache.get(name[0]!, name.slice(1)) ?? []);
      assert.equal(
        cache.weight,
        held.reduce((sum, value) => sum + value, 0),
      );
      assert.equal(cache.size, held.length);
    }),
  );
});
