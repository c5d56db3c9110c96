import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRanking } from "../../src/coherence/ranking.ts";

test("whoever has the most is first, however amounts come and go", () => {
  const change = fc.record({ name: fc.constantFrom(..."abcdefghij"), amount: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
      const ranking = createRanking();
      const held = new Map<string, number>();
      for (const { name, amount } of changes) {
        ranking.set(name, amount);
        held.set(name, amount);
        const first = ranking.first();
        assert.equal(first?.amount ?? 0, Math.max(...held.values()));
        if (first) assert.equal(held.get(first.name), first.amount);
      }
    }),
  );
});
