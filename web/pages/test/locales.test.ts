import assert from "node:assert/strict";
import { globSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { languages } from "@ostiary/pages";

const home = join(import.meta.dirname, "..");
const read = (language: string) =>
  JSON.parse(readFileSync(join(home, "locales", `${language}.json`), "utf8")) as Record<string, string>;
const english = read("en");
const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

test("each language that is offered is there", () => {
  assert.deepEqual(
    readdirSync(join(home, "locales")).sort(),
    Object.keys(languages)
      .map((language) => `${language}.json`)
      .sort(),
  );
});

for (const language of Object.keys(languages))
  test(`${language} says all that English says, with the same values in it`, () => {
    const texts = read(language);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(texts)) {
      assert.ok(text.trim(), key);
      assert.deepEqual(places(text), places(english[key]!), key);
    }
    if (language === "en") return;
    const untouched = Object.keys(texts).filter((key) => texts[key] === english[key]);
    assert.ok(untouched.length < 15, `these are still English: ${untouched}`);
  });

test("every text of the pages is said somewhere, and every text that is said is there", () => {
  const source = globSync("src/**/*.ts", { cwd: home })
    .map((file) => readFileSync(join(home, file), "utf8"))
    .join("\n");
  const said = [...source.matchAll(/\btext\(\s*"([^"]+)"/g)].map(([, key]) => key!);
  // Where a name is put together, its beginning and its end are known.
  const begun = [...source.matchAll(/\btext\(\s*`([^`$]+)\$\{[^}]+\}([^`]*)`/g)].map(
    ([, start, end]) => new RegExp(`^${start}[\\w-]+${end}$`),
  );
  for (const key of said) assert.ok(Object.hasOwn(english, key), key);
  const quoted = (key: string) => source.includes(`"${key}"`) || source.includes(`\`${key}\``);
  const silent = Object.keys(english).filter(
    (key) => !/^\d+$/.test(key) && !quoted(key) && !begun.some((pattern) => pattern.test(key)),
  );
  assert.deepEqual(silent, []);
});
