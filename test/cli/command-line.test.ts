import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { runIn } from "../support/command-line.ts";

const door = fileURLToPath(new URL("../../bin/ostiary.js", import.meta.url));
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

const run = (...words: string[]) => runIn({}, ...words);

test("the program tells its version", async () => {
  const out = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [door, "version", "--format", "json"], (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
  assert.equal(JSON.parse(out).version, version);
  assert.match((await run("--version")).out, new RegExp(`^VERSION +${version}$`, "m"));
});

test("the state of the database's schema is told to people and to programs", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const dsn = `sqlite://${folder}/people.sqlite`;
  const status = ["migrate", "sql", "status", dsn];
  const listOf = async () => JSON.parse((await run(...status, "--format", "json")).out);
  assert.deepEqual(await listOf(), [{ version: "0001_initial", applied: false }]);
  assert.equal((await run("migrate", "sql", "up", dsn, "--yes")).code, 0);
  assert.deepEqual(await listOf(), [{ version: "0001_initial", applied: true }]);
  assert.equal((await run(...status)).out, "VERSION       STATUS\n0001_initial  applied");
});

test("serving without a configuration says what is missing", async () => {
  const { code, err } = await run("serve", "all");
  assert.equal(code, 1);
  assert.match(err, /dsn: is required/);
  assert.match(err, /Use -c <file>/);
});

test("a database that cannot be reached is told with the reason, and without its password", async () => {
  const { code, err } = await run("migrate", "sql", "status", "postgres://ostiary:very-secret@127.0.0.1:1/people");
  assert.equal(code, 1);
  assert.equal(err, "ostiary migrate sql status: The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1");
});

test("migrating needs a database, and taking back a number of steps", async () => {
  assert.match((await run("migrate", "sql")).err, /needs a database/);
  assert.match((await run("migrate", "sql", "down", "sqlite://never.db")).err, /needs --steps/);
});

test("what a command cannot use is refused in a sentence, by every command", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const none = join(folder, "none.yml");
  const nowhere = `sqlite://${folder}/none/people.sqlite`;
  const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
    [1, /none\.yml: cannot be read \(ENOENT\)/, "serve", "-c", none],
    [1, /cannot be read \(EISDIR\)/, "serve", "-c", folder],
    [2, /Too many arguments for 'serve'\. Expected 0 arguments but got 1: extra\./, "serve", "extra"],
    [2, /Unknown option '--dev=maybe'/, "serve", "--dev=maybe"],
    [1, /none\.yml: cannot be read \(ENOENT\)/, "courier", "watch", "-c", none],
    [2, /must be a whole number/, "courier", "watch", "--expose-metrics-port", "x", "-c", "examples/kratos.yml"],
    [1, /none\.yml: cannot be read \(ENOENT\)/, "migrate", "sql", "up", "-c", none],
    [1, /there is no folder/, "migrate", "sql", "up", "--yes", nowhere],
    [1, /there is no folder/, "migrate", "sql", "status", nowhere],
    [1, /there is no folder/, "migrate", "sql", "down", "--steps", "1", nowhere],
    [1, /there is no folder/, "cleanup", "sql", nowhere],
    [1, /begins with none of/, "cleanup", "sql", "people.sqlite"],
    [2, /Too many arguments/, "migrate", "sql", "up", nowhere, nowhere],
    [1, /batch_size: must be a whole number/, "cleanup", "sql", "--batch-size", "x", nowhere],
    [1, /older_than: must be a duration/, "cleanup", "sql", "--keep-last", "soon", nowhere],
    [2, /--format must be table/, "version", "--format", "xml"],
  ];
  for (const [ends, sentence, ...words] of cases) {
    const { code, err } = await run(...words);
    assert.match(err, sentence, words.join(" "));
    assert.doesNotMatch(err, /\n\s+at |TypeError/, words.join(" "));
    assert.equal(code, ends, words.join(" "));
  }
});
