import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { contrast, legibleOn, readable, themeFile } from "@ostiary/pages";

const css = readFileSync(new URL("../assets/pages.css", import.meta.url), "utf8");
const colorsOf = (part: string) =>
  Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, color]) => [name, color!]));
const [light, dark] = [css.split("@media")[0]!, css.split("@media")[1]!].map(colorsOf) as [
  Record<string, string>,
  Record<string, string>,
];

for (const [name, colors] of Object.entries({ light, dark }))
  test(`built-in colours can be read: ${name}`, () => {
    const pairs = [
      ["text", "background"],
      ["text", "surface"],
      ["muted", "surface"],
      ["muted", "background"],
      ["link", "surface"],
      ["link", "background"],
      ["on-accent", "accent"],
      ["good", "good-surface"],
      ["bad", "surface"],
      ["text", "bad-surface"],
      ["text", "note-surface"],
    ] as const;
    for (const [one, other] of pairs)
      assert.ok(
        contrast(colors[one]!, colors[other]!) >= 4.5,
        `${one} on ${other}: ${contrast(colors[one]!, colors[other]!)}`,
      );
    assert.ok(
      contrast(colors["field-line"]!, colors["surface"]!) >= 3,
      "what a field ends at can be seen (WCAG 2.2, 1.4.11)",
    );
  });

test("what stands on a colour is black or white, whichever can be read", () => {
  assert.equal(legibleOn("#ffe000"), "#000000");
  assert.equal(legibleOn("#3b4fd8"), "#ffffff");
  assert.equal(contrast("#000", "#ffffff"), 21);
});

test("an accent that cannot be read is mixed until it can, by day and by night", () => {
  for (const surface of ["#ffffff", "#181b28", "#777777"])
    for (const color of ["#ffe000", "#000080", "#777777", "#fff", "#000000"])
      assert.ok(contrast(readable(color, surface), surface) >= 4.5 || surface === "#777777", `${color} on ${surface}`);
  assert.equal(readable("#3b4fd8", "#ffffff"), "#3b4fd8");
  const { text } = themeFile({ name: "Site", light: { accent: "#000080" }, dark: {}, css: "b{}" });
  assert.match(text, /^:root\{--accent:#000080;--on-accent:#ffffff;--link:#000080\}\n@media .*--accent:#[5-9a-f]/);
  assert.ok(text.endsWith("\nb{}"));
});
