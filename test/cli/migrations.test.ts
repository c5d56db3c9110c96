import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runIn } from "../support/command-line.ts";
import type { Ran } from "../support/command-line.ts";
import { createScratch, databases } from "../support/databases.ts";

const door = fileURLToPath(new URL("../../bin/ostiary.js", import.meta.url));

/** Runs a command line in a process of its own, whose input nobody types into. */
const runApart = (...words: string[]): Promise<Ran> =>
  new Promise((done) => {
    const child = execFile(process.execPath, [door, ...words], (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() }),
    );
    child.stdin!.end("y\n");
  });

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-migrations-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

for (const dialect of databases)
  test(`a schema is brought up to date, told of, and taken back (${dialect})`, async (t) => {
    const { dsn, drop } = await createScratch(dialect);
    t.after(() => drop());
    const sql = (...words: string[]) => runIn({}, "migrate", "sql", ...words, dsn);
    const versions = async () =>
      JSON.parse((await sql("status", "--format", "json")).out) as { version: string; applied: boolean }[];
    const all = await versions();
    assert.ok(all.length > 0 && all.every(({ applied }) => !applied));
    assert.equal((await sql("down", "--steps", "1", "--yes")).out, "There are no migrations to roll back.");

    const up = await sql("up", "-y");
    assert.deepEqual(
      [up.code, up.out.split("\n")],
      [
        0,
        [
          "Pending migrations:",
          ...all.map(({ version }) => `  ${version}`),
          ...all.map(({ version }) => `Applied ${version}`),
        ],
      ],
    );
    assert.ok((await versions()).every(({ applied }) => applied));
    assert.deepEqual(await sql("up", "--yes"), { code: 0, out: "The schema is up to date.", err: "" });

    const down = await sql("down", "--steps", "99", "--yes");
    assert.deepEqual(
      [down.code, down.out.split("\n").slice(0, 2)],
      [0, ["Migrations to roll back, including their data:", `  ${all[0]!.version}`]],
    );
    assert.match(down.out, new RegExp(`^Rolled back ${all.at(-1)!.version}$`, "m"));
    assert.ok((await versions()).every(({ applied }) => !applied));
    assert.equal((await sql("up", "--yes")).code, 0, "and brought up again");
  });

for (const dialect of databases)
  test(`who waits for a schema goes on when somebody else has brought it up to date (${dialect})`, async (t) => {
    const { dsn, drop } = await createScratch(dialect);
    t.after(() => drop());
    let over = false;
    const waiting = runIn({}, "migrate", "sql", "status", "--block", dsn).finally(() => (over = true));
    await pause(300);
    assert.equal(over, false);
    assert.equal((await runIn({}, "migrate", "sql", "up", "--yes", dsn)).code, 0);
    const { code, out, err } = await waiting;
    assert.equal(code, 0);
    assert.match(out, /^VERSION +STATUS\n(?:\w+ +applied\n?)+$/);
    assert.match(err, /^Waiting for pending migrations: 0001_initial[\w, ]*\.$/m);
  });

test("nothing is changed while nobody can be asked, unless --yes is said", async (t) => {
  const dsn = `sqlite://${newFolder(t)}/people.sqlite`;
  const refused = await runApart("migrate", "sql", "up", dsn);
  assert.equal(refused.code, 1);
  assert.match(refused.out, /^Pending migrations:\n {2}\w+$/);
  assert.equal(refused.err, "Cannot ask for confirmation. Use --yes to continue.");
  assert.match((await runIn({}, "migrate", "sql", "status", dsn)).out, / {2}pending$/);
  assert.equal((await runApart("migrate", "sql", "up", "--yes", dsn)).code, 0);
  const down = await runApart("migrate", "sql", "down", "--steps", "1", dsn);
  assert.equal(down.code, 1);
  assert.match((await runIn({}, "migrate", "sql", "status", dsn)).out, / {2}applied$/, "and it stays");
});

test("the database is the operand, else the variable, else what the files name; of files the later one counts", async (t) => {
  const folder = newFolder(t);
  const dsn = (name: string) => `sqlite://${folder}/${name}.sqlite`;
  const file = (name: string) => {
    const path = join(folder, `${name}.yml`);
    writeFileSync(path, `dsn: ${dsn(name)}\n`);
    return path;
  };
  await runIn({}, "migrate", "sql", "up", "--yes", dsn("later"));
  const statusIn = async (environment: NodeJS.ProcessEnv, ...words: string[]) =>
    (await runIn(environment, "migrate", "sql", "status", ...words)).out.split(" ").at(-1);
  const [first, later] = [file("file"), file("later")];
  assert.equal(await statusIn({}, "-c", first, "-c", later), "applied");
  assert.equal(await statusIn({}, "-c", later, "-c", first), "pending");
  assert.equal(await statusIn({ CONFIG: `${first},${later}` }), "applied");
  assert.equal(await statusIn({ CONFIG: later }, "-c", first), "pending", "a flag before the variable");
  assert.equal(await statusIn({ DSN: dsn("variable") }, "-c", later), "pending", "the variable before the files");
  assert.equal(await statusIn({ DSN: dsn("variable") }, dsn("later")), "applied", "the operand before the variable");
  assert.equal(await statusIn({ DSN: dsn("later") }, "-e", "-c", first), "applied");
  assert.equal(await statusIn({ CONFIG: later }, "-e"), "applied", "as in Kratos, -e reads the files, too");
  assert.match((await runIn({}, "migrate", "sql", "status", "-e")).err, /needs a database/);
  assert.match((await runIn({}, "migrate", "sql", "status", "-e", dsn("later"))).err, /takes either an argument or -e/);
});

test("what cannot be done is told in a sentence, and nothing is written", async (t) => {
  const folder = newFolder(t);
  const dsn = `sqlite://${folder}/people.sqlite`;
  for (const steps of ["0", "-1", "1.5", "all", "", "1e99"]) {
    const { code, err, out } = await runIn({}, "migrate", "sql", "down", `--steps=${steps}`, "--yes", dsn);
    assert.deepEqual(
      [code, err, out],
      [
        2,
        "ostiary migrate sql down: --steps must be a whole number from 1 on.\nSee: ostiary migrate sql down --help",
        "",
      ],
      steps,
    );
  }
  for (const command of ["up", "status"])
    assert.match((await runIn({}, "migrate", "sql", command, "memory")).err, /cannot use the database `memory`/);
  writeFileSync(join(folder, "no.sqlite"), "this is no database, and long enough for one to look".repeat(50));
  const { code, err } = await runIn({}, "migrate", "sql", "up", "--yes", `sqlite://${folder}/no.sqlite`);
  assert.equal(code, 1);
  assert.match(err, /^ostiary migrate sql up: [^\n]*not a database[^\n]*$/);
});
