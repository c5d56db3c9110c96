import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { progressOn } from "../../src/cli/progress.ts";
import { identities } from "../../src/identity/entities.ts";
import { runIn, runWith } from "../support/command-line.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { countOf } from "../support/rows.ts";
import { startServer } from "../support/server.ts";

const program = resolve(import.meta.dirname, "../../bin/ostiary.js");
/** A hundred thousand take minutes on each database. */
const rowCount = Number(process.env["OSTIARY_IMPORTED_ROWS"] ?? 1500);

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-import-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const person = (n: number | string) => ({ schema_id: "person", traits: { email: `p${n}@example.org` } });
const lines = (...rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join("\n");

for (const dialect of databases)
  test(`an import that is killed twice goes on where it was: nobody is made twice, and each bad row is reported (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    const server = await startServer(t, { dsn });
    t.after(() => drop());
    const folder = newFolder(t);
    const file = join(folder, "people.ndjson");
    const report = join(folder, "failed.ndjson");
    writeFileSync(
      file,
      Array.from({ length: rowCount }, (_, n) =>
        n % 100 === 50 ? (n % 200 === 50 ? "{ no json" : lines({ schema_id: "person", traits: {} })) : lines(person(n)),
      ).join("\n"),
    );
    const there = () => countOf(server.app.db, identities);
    const start = () =>
      spawn(process.execPath, [program, "identities", "import", file, "--report", report, "--format", "json"], {
        env: { ...process.env, KRATOS_ADMIN_URL: server.adminUrl },
        stdio: ["ignore", "pipe", "ignore"],
      });
    for (const part of [0.2, 0.5]) {
      const child = start();
      while (child.exitCode === null && (await there()) < rowCount * part) await pause(5);
      assert.equal(child.exitCode, null, "it is still under way");
      child.kill("SIGKILL");
    }
    const last = start();
    const out: string[] = [];
    last.stdout.on("data", (piece) => out.push(String(piece)));
    const code = await new Promise((done) => last.once("close", done));
    const told = JSON.parse(out.join(""));
    const bad = rowCount / 100;
    assert.deepEqual([code, told.rows, told.failed, told.created + told.existing], [1, rowCount, bad, rowCount - bad]);
    assert.ok(told.existing >= rowCount * 0.4, JSON.stringify(told));
    assert.equal(await there(), rowCount - bad);
    const reported = readFileSync(report, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      reported.map(({ row }) => row),
      Array.from({ length: bad }, (_, n) => n * 100 + 51),
    );
    if (process.platform !== "win32") assert.equal(statSync(report).mode & 0o077, 0, "rows may hold passwords");
  });

test("rows come as lines, as an array, as one object on several lines, from several files and from the standard input", async (t) => {
  const server = await startServer(t);
  const folder = newFolder(t);
  const environment = { KRATOS_ADMIN_URL: server.adminUrl };
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const files = [
    write("lines.ndjson", `\uFEFF\n${lines(person("a1"), person("a2"))}\n\n{"torn": \n${lines(person("a3"))}\r\n`),
    write("array.json", JSON.stringify([person("b1"), person('b"]}2'.replaceAll(/\W/g, "")), 7], undefined, 1)),
    write("one.json", JSON.stringify(person("c1"), undefined, 2)),
    write("none.json", " \n"),
  ];
  const first = await runIn(environment, "identities", "import", ...files, "--format", "json");
  assert.deepEqual(JSON.parse(first.out), { created: 6, existing: 0, failed: 2, rows: 8 }, first.err);
  assert.match(first.err, /lines\.ndjson:5: This is no JSON: /);
  assert.match(first.err, /array\.json:3: /);
  const again = await runIn(environment, "identities", "import", ...files);
  assert.deepEqual([again.code, again.out], [1, "CREATED   0\nEXISTING  6\nFAILED    2\nROWS      8"]);

  const fed = await runWith(lines(person("d1")), environment, "identities", "import", "--import-id", "d", "-q");
  assert.deepEqual([fed.code, fed.out], [0, "1"], fed.err);
  const dry = await runWith(
    lines(person("e1"), person("d1")),
    environment,
    "identities",
    "import",
    "-",
    "--dry-run",
    "--format",
    "json",
  );
  assert.deepEqual(JSON.parse(dry.out), { created: 1, existing: 0, failed: 1, rows: 2 });
  assert.match(dry.err, /^stdin:2: An identifier, an address or the external_id already belongs/);
  assert.equal(await countOf(server.app.db, identities), 7);
  const open = await runWith(`[${lines(person("f1"))}`, environment, "identities", "import");
  assert.match(open.err, /stdin cannot be read: the array has no end/);
});

test("an import goes over gRPC as well", async (t) => {
  const server = await startServer(t);
  const environment = { KRATOS_ADMIN_URL: server.adminUrl.replace("http:", "grpc:") };
  const rows = lines(...Array.from({ length: 250 }, (_, n) => person(n)));
  const { code, out, err } = await runWith(rows, environment, "import", "identities", "--import-id", "g", "-q");
  assert.deepEqual([code, out.split("\n").length], [0, 250], err);
});

test("what fails is told for twenty rows, and where the others are", async (t) => {
  const server = await startServer(t);
  const environment = { KRATOS_ADMIN_URL: server.adminUrl };
  const report = join(newFolder(t), "failed.ndjson");
  const rows = lines(...Array.from({ length: 30 }, () => ({ schema_id: "person", traits: {} })));
  const { code, err } = await runWith(rows, environment, "identities", "import", "--report", report);
  assert.equal(code, 1);
  assert.deepEqual(
    [err.split("\n").length, err.split("\n").at(-1)],
    [21, `... and 10 more, all of them in ${report}.`],
  );
  const [first] = readFileSync(report, "utf8").split("\n");
  assert.deepEqual(
    { ...JSON.parse(first!), reason: "" },
    { file: "stdin", row: 1, key: "1", reason: "", identity: { schema_id: "person", traits: {} } },
  );
});

test("who watches sees how far it is", () => {
  const written: string[] = [];
  let now = 0;
  const progress = progressOn({ columns: 44, write: (text) => written.push(text) }, () => now);
  progress.show(0, "0 rows");
  progress.show(0.01, "not so soon");
  now = 200;
  progress.show(0.5, "50 rows, 2000/s, and more than fits");
  progress.clear();
  assert.deepEqual(written, [
    "\r░░░░░░░░░░░░░░░░░░░░░░░░   0% 0 rows\u001B[K",
    "\r████████████░░░░░░░░░░░░  50% 50 rows, 2000\u001B[K",
    "\r\u001B[K",
  ]);
  progressOn(undefined).show(0.5, "nobody");
});
