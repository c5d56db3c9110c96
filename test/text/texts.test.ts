import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readBoolean, readCheckbox } from "../../src/text/boolean.ts";
import { deepestJson, jsonFault } from "../../src/text/json-fault.ts";
import { pointerSegment, segmentsOf } from "../../src/text/json-pointer.ts";
import { isProgrammingError, errorMessage } from "../../src/text/error-message.ts";

test("truth is read in Go's spellings, and check boxes say on and off besides", () => {
  for (const word of ["1", "t", "T", "true", "TRUE", "True"]) assert.equal(readBoolean(word), true, word);
  for (const word of ["0", "f", "F", "false", "FALSE", "False"]) assert.equal(readBoolean(word), false, word);
  for (const word of ["", "on", "yes", "tRUE", " true", "2"]) assert.equal(readBoolean(word), undefined, word);
  assert.deepEqual(["on", "off", "t", "no"].map(readCheckbox), [true, false, true, undefined]);
});

test("a JSON pointer leads to the names that it was made of, whatever is in them", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (names) => {
      const pointer = names.map((name) => `/${pointerSegment(name)}`).join("");
      assert.deepEqual(segmentsOf(pointer), names);
    }),
  );
  // In this order: ~01 is ~1, and not a slash (RFC 6901, 4).
  assert.deepEqual(segmentsOf("/a~1b/m~0n/~01/"), ["a/b", "m~n", "~1", ""]);
});

const nested = (depth: number): unknown => (depth === 1 ? [] : [nested(depth - 1)]);
const filled = (length: number) => Array.from({ length }, () => 0);

test("JSON that nobody can keep, or that is made to be slow, is told from the rest", () => {
  const fine = [null, 1.5, "grüße 🎉", { a: [true, { b: "" }] }, nested(deepestJson), filled(1024), { "": 0 }];
  for (const json of fine) assert.equal(jsonFault(json), undefined, JSON.stringify(json).slice(0, 60));
  const unfit: readonly (readonly [unknown, RegExp])[] = [
    ["a\0b", /U\+0000/],
    [{ "a\0": 1 }, /U\+0000/],
    [["\ud800"], /not valid Unicode/],
    [{ a: Number.NaN }, /not finite/],
    [[Infinity], /not finite/],
    [nested(deepestJson + 1), /levels deep/],
    [filled(1025), /more than 1024 members/],
    [Object.fromEntries(filled(1025).map((_, at) => [`m${at}`, 0])), /more than 1024 members/],
    [Array.from({ length: 9 }, () => filled(1000)), /more than 8192 values/],
  ];
  for (const [json, fault] of unfit) assert.match(jsonFault(json) ?? "nothing", fault);
});

test("an error is told with its innermost cause, by its code where it says nothing else", () => {
  const refused = Object.assign(new Error(""), { code: "ECONNREFUSED" });
  const outer = new Error("The database cannot be opened.", { cause: new Error("between", { cause: refused }) });
  assert.equal(errorMessage(outer), "The database cannot be opened: ECONNREFUSED");
  assert.equal(errorMessage(new Error("alone", { cause: "no error" })), "alone");
  assert.equal(errorMessage(refused), "ECONNREFUSED");
  assert.equal(errorMessage("thrown as text"), "thrown as text");
});

test("a fault in the program is told from one in its surroundings", () => {
  for (const fault of [new TypeError(), new ReferenceError(), new RangeError(), new SyntaxError()])
    assert.ok(isProgrammingError(fault), fault.name);
  for (const other of [new Error("x"), "x", undefined, new AggregateError([])]) assert.ok(!isProgrammingError(other));
});
