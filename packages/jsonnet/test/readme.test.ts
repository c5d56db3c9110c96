import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as jsonnet from "@ostiary/jsonnet";

const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");

test("what the README shows is what comes out", () => {
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, block]) => block).join("\n");
  const shown = [...code.matchAll(/^((?!import|const|\/\/).+;)\n\/\/ (.*)$/gm)].map(
    ([, call, outcome]) => [call!, outcome!] as const,
  );
  assert.equal(shown.length, 4);
  const setUp = [...code.matchAll(/^const .*$/gm)].join("\n");
  for (const [call, outcome] of shown) {
    const run = new Function(
      ...Object.keys(jsonnet),
      `${setUp}\nreturn [${call.replace(/;$/, "")}, (${outcome})];`,
    ) as (...doors: unknown[]) => [unknown, unknown];
    const [actual, expected] = run(...Object.values(jsonnet));
    assert.deepEqual(actual, expected, call);
  }
});

test("the limits that the README names are the standard ones", () => {
  for (const [name, limit] of Object.entries(jsonnet.defaultLimits))
    assert.match(readme, new RegExp(`\\| \`${name}\` \\| ${limit.toLocaleString("en").replaceAll(",", " ")}`), name);
});
