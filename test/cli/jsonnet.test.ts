import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { runIn } from "../support/command-line.ts";

const run = (...words: string[]) => runIn({}, ...words);

function newFolder(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-jsonnet-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "deep"));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return { folder, write };
}

test("programs are formatted: printed, written, or only looked at", async (t) => {
  const { folder, write } = newFolder(t);
  const [one, other] = [write("one.jsonnet", '{"a":1}'), write("deep/other.jsonnet", "{ a: 1 }\n")];
  assert.deepEqual(await run("format", "jsonnet", one), { code: 0, out: "{ a: 1 }", err: "" });
  const all = join(folder, "**/*.jsonnet");
  assert.deepEqual(await run("jsonnet", "format", "--check", all), { code: 1, out: one, err: "" });
  assert.deepEqual(await run("format", "jsonnet", "-w", all), { code: 0, out: "", err: "" });
  assert.equal(readFileSync(one, "utf8"), readFileSync(other, "utf8"));
  assert.equal((await run("jsonnet", "format", "--check", one, other)).code, 0);
  const broken = write("broken.jsonnet", "{\n a: ");
  assert.equal(
    (await run("format", "jsonnet", broken)).err,
    `ostiary jsonnet format: ${broken}:2:5: the program ends too early`,
  );
});

test("programs are looked through, and what is wrong is told with its place", async (t) => {
  const { folder, write } = newFolder(t);
  const bad = write("bad.jsonnet", "local a = 1;\nstd.lenght([])\n");
  write("good.jsonnet", "function(ctx) ctx\n");
  const found = [`${bad}:1:7: nothing uses the local a`, `${bad}:2:5: std has no lenght`].join("\n");
  for (const words of [
    ["jsonnet", "lint"],
    ["lint", "lint"],
    ["lint", "jsonnet"],
  ])
    assert.deepEqual(await run(...words, join(folder, "*.jsonnet")), { code: 1, out: "", err: found });
  assert.equal((await run("lint", "lint", join(folder, "good.jsonnet"))).code, 0);
});

test("the programs that come along are formatted, and have no findings", async () => {
  assert.deepEqual(await run("jsonnet", "format", "--check", "examples/*.jsonnet"), { code: 0, out: "", err: "" });
  assert.deepEqual(await run("jsonnet", "lint", "examples/*.jsonnet"), { code: 0, out: "", err: "" });
});

test("what is wrong with the call is told in a sentence", async () => {
  for (const [code, sentence, ...words] of [
    [1, /none\.jsonnet cannot be read/, "lint", "lint", "none.jsonnet"],
    [1, /no file fits none\*\.jsonnet/, "format", "jsonnet", "none*.jsonnet"],
    [2, /takes either --write or --check/, "jsonnet", "format", "x", "-w", "--check"],
    [2, /Missing required argument/, "lint", "lint"],
  ] as const) {
    const ran = await run(...words);
    assert.match(ran.err, sentence);
    assert.equal(ran.code, code);
  }
});
