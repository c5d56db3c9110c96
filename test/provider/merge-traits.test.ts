import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeTraits } from "../../src/provider/merge-traits.ts";

test("traits laid over others replace what they name, however deep, and leave the rest", () => {
  const below = { email: "a@example.org", name: { first: "Ada", last: "Byron" }, tags: ["a", "b"], age: 36, nick: "A" };
  const above = { name: { last: "Lovelace" }, tags: ["c"], age: null, city: { name: "London" } };
  const merged = {
    ...{ email: "a@example.org", name: { first: "Ada", last: "Lovelace" }, tags: ["c"], age: null, nick: "A" },
    city: { name: "London" },
  };
  assert.deepEqual(mergeTraits(below, above), merged);
  assert.deepEqual(below.name, { first: "Ada", last: "Byron" }, "nothing is changed in place");
  assert.deepEqual(mergeTraits({ name: "Ada" }, { name: { first: "Ada" } }), { name: { first: "Ada" } });
});

test("no name reaches the prototype of objects", () => {
  const merged = mergeTraits({}, JSON.parse('{ "__proto__": { "admin": true }, "constructor": { "a": 1 } }'));
  assert.equal(({} as { admin?: boolean }).admin, undefined);
  assert.deepEqual(Object.keys(merged), ["__proto__", "constructor"]);
});
