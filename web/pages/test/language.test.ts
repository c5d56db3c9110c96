import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseLanguage, directionOf } from "../src/languages.ts";
import { wordsOf } from "../src/words.ts";

const choose = (query: string | null, cookie?: string, accepted?: string) =>
  chooseLanguage((one) => ["en", "de", "pt", "ar"].includes(one), { query, cookie, accepted }, "en");

test("a language is asked for in the address, kept, or preferred, in this order", () => {
  assert.equal(choose("de", "pt", "ar"), "de");
  assert.equal(choose(null, "pt", "ar"), "pt");
  assert.equal(choose(null, undefined, "fr, ar;q=0.3, de-AT;q=0.8"), "de");
  assert.equal(choose("xx", "../../etc", "*;q=0.1"), "en");
  assert.equal(choose(null, undefined, "de;q=0, pt-BR"), "pt");
});

test("Arabic is written from right to left", () => {
  assert.equal(directionOf("ar"), "rtl");
  assert.equal(directionOf("de"), "ltr");
});

test("a message is said by its id with its values; what no language knows stays as it came", () => {
  const words = wordsOf("de", { "1": "{count} bis {until_at}, {kinds}" });
  const context = { count: 12345, until_at: "2026-01-31T12:00:00.000Z", kinds: ["a", "b"] };
  assert.equal(words.say({ id: 1, type: "info", text: "x", context }), "12.345 bis 31.01.2026, 12:00 UTC, a oder b");
  assert.equal(words.say({ id: 2, type: "info", text: "as it came" }), "as it came");
});
