import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Command } from "../../src/cli/command.ts";
import { entries } from "../../src/cli/commands.ts";
import { runIn } from "../support/command-line.ts";

const run = (...words: string[]) => runIn({}, ...words);

const commands = new Map<string, Command>();
for (const { name: entry, load } of entries)
  for (const command of await load())
    for (const name of [command.name, ...(command.aliases ?? [])])
      if (name.split(" ")[0] === entry) commands.set(name, command);

/** What is listed below the headings of a help, but for its arguments and options. */
const listed = (help: string) =>
  [...help.replace(/^(?:Arguments|Options):\n(?: .*\n)*/gm, "").matchAll(/^ {2}([a-z][\w-]*) /gm)].map(
    ([, name]) => name,
  );

test("the overview lists each entry, and each group its commands", async () => {
  const { code, out } = await run();
  assert.equal(code, 0);
  assert.deepEqual(listed(out).toSorted(), entries.map(({ name }) => name).toSorted());
  for (const { name } of entries) {
    const below = new Set(
      [...commands.keys()].filter((one) => one.startsWith(`${name} `)).map((one) => one.split(" ")[1]!),
    );
    if (commands.has(name)) continue;
    const group = await run(name);
    assert.equal(group.code, 0, name);
    assert.deepEqual(listed(group.out).toSorted(), [...below].toSorted(), name);
  }
});

test("the help of each command fits a terminal, tells of all its flags, and is there whichever way it is asked for", async () => {
  for (const [name, { options, examples = [] }] of commands) {
    const words = name.split(" ");
    const { code, out, err } = await run(...words, "--help");
    assert.deepEqual([code, err], [0, ""]);
    assert.ok(out.startsWith(`Usage: ostiary ${name} `), out);
    assert.deepEqual(
      out.split("\n").filter((line) => line.length > 80),
      [],
      name,
    );
    for (const option of options) assert.match(out, new RegExp(`^ {2}(?:-\\w, )?--${option.name} `, "m"), name);
    for (const example of examples) assert.match(example, /^(?:ostiary |.*\| ostiary |.*=.* ostiary )/, name);
    for (const other of [
      [...words, "-h"],
      ["help", ...words],
      [...words, "--no-such-flag", "--help"],
    ])
      assert.deepEqual(await run(...other), { code, out, err }, other.join(" "));
  }
});

test("each flag and each operand has a sentence of its own, and no letter stands for two flags", () => {
  for (const [name, { summary, operands = [], options }] of commands) {
    for (const { summary: sentence } of [{ summary }, ...operands, ...options])
      assert.match(sentence, /^\S.*\.$/, name);
    const letters = options.flatMap(({ short }) => short ?? []);
    assert.equal(new Set(letters).size, letters.length, name);
    assert.ok(!letters.includes("h"), name);
  }
});

test("what is not there is told, with what is most like it, and ends with 2", async () => {
  for (const [words, said] of [
    [["migrate", "sq"], "ostiary migrate: Unknown command 'sq'. Did you mean sql?\nSee: ostiary migrate --help"],
    [["servee"], "ostiary: Unknown command 'servee'. Did you mean serve?\nSee: ostiary --help"],
    [["zzz"], "ostiary: Unknown command 'zzz'.\nSee: ostiary --help"],
    [["--zzz"], "ostiary: Unknown option '--zzz'.\nSee: ostiary --help"],
    [["serve", "--devv"], "ostiary serve: Unknown option '--devv'. Did you mean --dev?\nSee: ostiary serve --help"],
    [["serve", "-z"], "ostiary serve: Unknown option '-z'.\nSee: ostiary serve --help"],
  ] as const)
    assert.deepEqual(await run(...words), { code: 2, out: "", err: said });
});

test("a truth value is written as Go writes it, or by --no; what is none is refused", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-flags-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const up = (flag: string) =>
    run("migrate", "sql", "up", flag, `sqlite://${folder}/${encodeURIComponent(flag)}.sqlite`);
  const went = async (flag: string) => (await up(flag)).code === 0;
  // Nobody is there to be asked, so that without --yes nothing goes ahead.
  for (const flag of ["--yes", "-y", "--yes=true", "--yes=1", "--yes=T", "--yes=TRUE"])
    assert.equal(await went(flag), true, flag);
  if (!process.stdin.isTTY)
    for (const flag of ["--yes=false", "--yes=0", "--yes=F", "--no-yes"]) assert.equal(await went(flag), false, flag);
  for (const flag of ["--yes=maybe", "--yes=", "--yes=yes!"]) {
    const { code, err } = await up(flag);
    assert.equal(code, 2);
    assert.match(err, /^ostiary migrate sql up: Unknown option '--yes=.*\nSee: ostiary migrate sql up --help$/, flag);
  }
});

test("flags may stand before the words that name a command, and between them, as in Kratos' quickstart", async () => {
  for (const words of [
    ["-c", "none.yml", "migrate", "sql", "-e", "--yes"],
    ["migrate", "-c", "none.yml", "sql", "up", "-e"],
    ["migrate", "-e", "sql", "--config=none.yml", "status"],
  ])
    assert.match((await run(...words)).err, /none\.yml: cannot be read/, words.join(" "));
  const { code, err } = await run("tenants", "--endpoint", "http://127.0.0.1:1", "list");
  assert.deepEqual(
    [code, err],
    [1, "ostiary tenants list: The server cannot be reached: connect ECONNREFUSED 127.0.0.1:1"],
  );
  for (const words of [
    ["--zzz", "serve"],
    ["tenants", "--zzz", "list"],
  ])
    assert.match((await run(...words)).err, /Unknown option '--zzz'/, words.join(" "));
});

test("a flag without its value, a value without its flag, and an operand too many are told as such", async () => {
  const never = "sqlite:///tmp/never.sqlite";
  const cases: readonly (readonly [number, RegExp, ...string[]])[] = [
    [
      2,
      /^ostiary version: Option '--format <format>' argument missing\.\nSee: ostiary version --help$/,
      "version",
      "--format",
    ],
    [2, /^ostiary version: Too many arguments.*got 1: json\.\nSee: ostiary version --help$/, "version", "json"],
    [
      2,
      /^ostiary migrate sql down: --steps must be a whole number from 1 on\.\nSee: /,
      "migrate",
      "sql",
      "down",
      "--steps",
      "-1",
    ],
    [2, /^ostiary version: --format must be table, json, json-pretty, yaml, /, "version", "--format="],
    [2, /^ostiary version: --format must be table, /, "version", "--format", "jsonpath="],
    [
      2,
      /^ostiary tenants get: Too many arguments for 'get'\. Expected 1 argument but got 2: a, b\./,
      "tenants",
      "get",
      "a",
      "b",
    ],
    [2, /^ostiary tenants delete: Missing required argument 'id or slug'\./, "tenants", "delete"],
    [
      2,
      /^ostiary tenants list: --endpoint must be the URL of a server \(.*\), not "ftp:\/\/x"\./,
      "tenants",
      "list",
      "-e",
      "ftp://x",
    ],
    [1, /^ostiary cleanup sql: .*sleep\.tables.* must be a duration/, "cleanup", "sql", "--sleep-tables=-5s", never],
    [1, /^ostiary cleanup sql: .*batch_size.* must be/, "cleanup", "sql", "-b", "0", never],
    [1, /^ostiary cleanup sql: .*batch_size.* must be/, "cleanup", "sql", "--database.cleanup.batch_size", "0", never],
  ];
  for (const [ends, sentence, ...words] of cases) {
    const { code, out, err } = await run(...words);
    assert.match(err, sentence, words.join(" "));
    assert.deepEqual([code, out], [ends, ""], words.join(" "));
  }
});
