import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { defaultLimits, parseTemplate, sprigFunctions } from "@ostiary/go-template";

const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");

test("what the README shows is what is written", () => {
  const [, code = ""] = /```ts\n([^]*?)```/.exec(readme) ?? [];
  const [, template, call, written] =
    /^const greeting = (.*);\n(greeting.*);\n\/\/ (.*)$/m.exec(code) ?? assert.fail("no example");
  const run = new Function("parseTemplate", "sprigFunctions", `const greeting = ${template}; return ${call};`) as (
    ...doors: unknown[]
  ) => unknown;
  assert.equal(run(parseTemplate, sprigFunctions), written);
});

test("the limits that the README names are the standard ones", () => {
  for (const [name, limit] of Object.entries(defaultLimits))
    assert.match(readme, new RegExp(`\`${name}\`[^(]*\\(${limit.toLocaleString("en").replaceAll(",", " ")}\\)`), name);
});
