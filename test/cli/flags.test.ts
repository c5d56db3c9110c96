import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runIn } from "../support/command-line.ts";

const run = (...words: string[]) => runIn({}, ...words);

const names = [
  "init",
  "serve",
  "courier watch",
  "migrate sql up",
  "migrate sql down",
  "migrate sql status",
  "cleanup sql",
  "tenants list",
  "tenants get",
  "tenants create",
  "tenants update",
  "tenants delete",
  "providers list",
  "providers get",
  "providers create",
  "providers replace",
  "providers delete",
  "providers test",
  "admin create",
  "admin list",
  "admin grant",
  "admin revoke",
  "api-keys create",
  "api-keys list",
  "api-keys revoke",
  "mapper try",
  "explain-login",
  "doctor",
  "seed",
  "version",
];

test("the help of each command lists its flags, whichever way it is asked for, and a command that is there for each name", async () => {
  const overview = (await run()).out;
  assert.deepEqual(
    [...overview.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)*) {2,}/gm)].map(([, name]) => name),
    names,
  );
  for (const name of names) {
    const words = name.split(" ");
    const { code, out, err } = await run(...words, "--help");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, new RegExp(`^Usage: ostiary ${name}(?: |$)`, "m"));
    assert.match(out, /^ {2}-h, --help +Shows this\.$/m);
    // Each flag has a sentence of its own.
    for (const line of out.split("\n").slice(4))
      assert.match(line, /^ {2}(?:-\w, | {4})--[\w.-]+(?: <value>)? {2,}\S.*\.$/, `${name}: ${line}`);
    for (const other of [
      [...words, "-h"],
      ["help", ...words],
      [...words, "--no-such-flag", "--help"],
    ])
      assert.deepEqual(await run(...other), { code, out, err }, other.join(" "));
  }
});

test("a group of commands tells what is in it", async () => {
  for (const group of ["migrate", "tenants", "courier", "cleanup", "providers", "admin", "api-keys", "mapper"]) {
    const { code, out } = await run(...group.split(" "));
    assert.equal(code, 0, group);
    assert.deepEqual(
      [...out.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)*) {2,}/gm)].map(([, name]) => name),
      names.filter((name) => name.startsWith(`${group} `)),
    );
  }
  for (const [words, said] of [
    [["migrate", "sq"], /^Unknown command "migrate sq"\. Did you mean "migrate sql up"\?\nSee: ostiary --help$/],
    [["zzz"], /^Unknown command "zzz"\.\nSee: ostiary --help$/],
    [["--zzz"], /^Unknown flag --zzz\.\nSee: ostiary --help$/],
  ] as const) {
    const { code, out, err } = await run(...words);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, said);
  }
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
  for (const flag of ["--yes=maybe", "--yes=", "--yes=yes!"])
    assert.match(
      (await up(flag)).err,
      /^Option '-y, --yes' does not take an argument\.\nSee: ostiary migrate sql up --help$/,
      flag,
    );
});

test("a flag without its value, a value without its flag, and an operand too many are told as such", async () => {
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [/^Option '--format <value>' argument missing\.\nSee: ostiary version --help$/, "version", "--format"],
    [/^Unexpected argument 'json'.*\.\nSee: ostiary version --help$/, "version", "json"],
    [
      /^Option '--steps' argument is ambiguous\.\nSee: ostiary migrate sql down --help$/,
      "migrate",
      "sql",
      "down",
      "--steps",
      "-1",
    ],
    [/^Unknown option '-z'\.\nSee: ostiary serve --help$/, "serve", "-z"],
    [/^ostiary version: --format must be text or json\.$/, "version", "--format="],
    [/^ostiary tenants get: needs exactly one tenant\.$/, "tenants", "get", "a", "b"],
    [/^ostiary tenants delete: needs exactly one tenant\.$/, "tenants", "delete"],
    [
      /^ostiary tenants list: --endpoint must be the URL of a server, not "ftp:\/\/x"\.$/,
      "tenants",
      "list",
      "-e",
      "ftp://x",
    ],
    [
      /^ostiary tenants list: The server cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:1$/,
      "tenants",
      "list",
      "-e",
      "http://127.0.0.1:1",
    ],
    [
      /^ostiary cleanup sql: .*sleep\.tables.* must be a duration/,
      "cleanup",
      "sql",
      "--sleep-tables=-5s",
      "sqlite:///tmp/never.sqlite",
    ],
    [/^ostiary cleanup sql: .*batch_size.* must be/, "cleanup", "sql", "-b", "0", "sqlite:///tmp/never.sqlite"],
  ];
  for (const [sentence, ...words] of cases) {
    const { code, out, err } = await run(...words);
    assert.match(err, sentence, words.join(" "));
    assert.deepEqual([code, out], [1, ""], words.join(" "));
  }
});
