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
  assert.match((await run("--version")).out, new RegExp(`^Ostiary ${version} `));
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
  assert.equal((await run(...status)).out, "applied  0001_initial");
  assert.match((await run(...status, "--format", "xml")).err, /--format takes text or json/);
});

test("every command explains itself", async () => {
  const all = await run("--help");
  assert.equal(all.code, 0);
  for (const name of ["serve", "migrate sql up", "migrate sql down", "migrate sql status", "cleanup sql", "version"]) {
    assert.match(all.out, new RegExp(`^ {2}${name} `, "m"));
    assert.match((await run(...name.split(" "), "--help")).out, new RegExp(`^Usage: ostiary ${name}`, "m"));
    assert.equal((await run("help", ...name.split(" "))).code, 0);
  }
});

test("an unknown command is refused with a hint", async () => {
  const { code, err } = await run("servee");
  assert.equal(code, 1);
  assert.match(err, /Unknown command "servee"\. Did you mean "serve"\?/);
});

test("an unknown flag is refused with a hint", async () => {
  const { code, err } = await run("serve", "--devv");
  assert.equal(code, 1);
  assert.match(err, /Unknown option '--devv'\.\nSee: ostiary serve --help/);
  assert.equal((await run("--devv")).code, 1);
});

test("serving without a configuration says what is missing", async () => {
  const { code, err } = await run("serve", "all");
  assert.equal(code, 1);
  assert.match(err, /dsn: is required/);
  assert.match(err, /add -c <file>/);
});

test("a database that cannot be reached is told with the reason, and without its password", async () => {
  const { code, err } = await run("migrate", "sql", "status", "postgres://ostiary:very-secret@127.0.0.1:1/people");
  assert.equal(code, 1);
  assert.equal(err, "ostiary migrate sql status: The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1");
});

test("migrating needs a database, and taking back a number of steps", async () => {
  assert.match((await run("migrate", "sql")).err, /needs a database/);
  assert.match((await run("migrate", "sql", "down", "sqlite://never.db")).err, /--steps takes a whole number/);
});
