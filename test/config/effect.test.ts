import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { schema } from "../../src/config/schema.ts";
import type { Setting } from "../../src/config/setting.ts";

const src = resolve(import.meta.dirname, "../../src");
const declares = /^config\/(?:schema\/|schema\.ts|reference\.ts|config\.ts|.*-config\.ts)/;
const words = new Set(
  readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !declares.test(path))
    .flatMap((path) => readFileSync(join(src, path), "utf8").match(/[\w-]+/g) ?? []),
);

// What the command line says, and what is kept for the sake of Kratos alone and says so.
const idle = ["version", "help", "config", "selfservice.methods.webauthn.config.rp.icon"];

/** The settings that are said to be in effect, by their paths; what belongs to a method that is not yet there is not. */
function inEffect({ shape, later }: Setting, path: readonly string[]): string[][] {
  if (later) return [];
  switch (shape.kind) {
    case "section": {
      if (shape.keys.enabled?.later) return [];
      return Object.entries(shape.keys).flatMap(([key, inner]) => inEffect(inner, [...path, key]));
    }
    case "list":
      return inEffect(shape.item, path);
    case "table":
      return inEffect(shape.value, path);
    case "variant":
      return Object.values(shape.arms).flatMap((arm) => inEffect(arm, path));
    default:
      return [[...path]];
  }
}

test("a setting that nothing reads is said to be not yet in effect", () => {
  const settings = inEffect(schema, []);
  assert.ok(settings.length > 300, String(settings.length));
  const dead = settings.filter((path) => !words.has(path.at(-1)!) && !idle.includes(path.join(".")));
  assert.deepEqual([...new Set(dead.map((path) => path.join(".")))], []);
});
