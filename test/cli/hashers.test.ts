import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { verifyHash } from "../../src/crypto/hash.ts";
import { runIn } from "../support/command-line.ts";

const run = (...words: string[]) => runIn({}, "hashers", "argon2", ...words);
const cheap = ["--memory", "1MB", "--iterations", "1", "--parallelism", "1"];

test("passwords are hashed as flags say, else the configuration, and each with its time", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-hashers-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "kratos.yml");
  writeFileSync(file, "hashers: { argon2: { memory: 2MB, iterations: 2, parallelism: 1, key_length: 16 } }\n");
  const { code, out, err } = await run(
    "hash",
    "swordfish",
    "another",
    "-c",
    file,
    "--iterations",
    "3",
    "--format",
    "json",
  );
  assert.equal(code, 0, err);
  const hashed = JSON.parse(out) as { hash: string; password: number; ms: number }[];
  assert.deepEqual(
    hashed.map(({ password, hash, ms }) => [password, hash.split("$").slice(1, 4), ms > 0]),
    [0, 1].map((number) => [number, ["argon2id", "v=19", "m=2048,t=3,p=1"], true]),
  );
  assert.equal(await verifyHash("another", hashed[1]!.hash), true);
  assert.match(err, /^Total: /);
  const quick = await run("hash", "swordfish", "x", "--parallel", ...cheap, "-q");
  assert.match(quick.out, /^\$argon2id\$v=19\$m=1024,t=1,p=1\$\S+\n\$argon2id\$\S+$/);
});

test("sign-ins are tried out, and the exit code says whether they were in time", async () => {
  const few = ["600", "--sample-time", "200ms", ...cheap];
  for (const name of ["loadtest", "load-test"]) {
    const { code, out, err } = await run(name, ...few, "--min-duration", "1m", "--format", "json");
    assert.equal(code, 0, err);
    const {
      total_time: total,
      median_request_time: median,
      min_request_time: least,
      max_request_time: most,
    } = JSON.parse(out);
    assert.ok(least > 0 && least <= median && median <= most && most <= total, out);
    assert.match(err, /^MEMORY: 1MB\nITERATIONS: 1\n/);
  }
  const late = await run("loadtest", ...few, "--min-duration", "0", "--expected-deviation", "0", "-q");
  assert.deepEqual(
    [late.code, late.err],
    [1, "The longest took longer than it should: have hashes cost less, or more cores."],
  );
});

test("costs are found that fit the time, the memory and the people who sign in", async () => {
  const small = [
    "--start-memory",
    "1MB",
    "--max-memory",
    "4MB",
    "--adjust-memory-by",
    "2MB",
    "--parallelism",
    "1",
    "-r",
    "1",
  ];
  const found = await run(
    "calibrate",
    "60",
    "--sample-time",
    "50ms",
    "--min-duration",
    "15ms",
    "--expected-deviation",
    "1m",
    ...small,
    "--format",
    "yaml",
  );
  assert.equal(found.code, 0, found.err);
  const settings = parse(found.out);
  assert.match(settings.memory, /^\d+(?:MB|KB)$/);
  assert.ok(settings.iterations >= 1 && settings.parallelism === 1, found.out);
  assert.match(found.err, /^Looking for memory with which a hash takes up to 15ms:\n {2}1MB, 1 iterations: /);
  const never = await run(
    "calibrate",
    "60",
    "--sample-time",
    "50ms",
    "--min-duration",
    "0",
    "--expected-deviation",
    "0",
    ...small,
    "-q",
  );
  assert.equal(never.code, 1);
  assert.match(never.err, /^No costs were found/);
});

test("what is wrong with a measurement is told in a sentence", async () => {
  for (const [sentence, ...words] of [
    [/the requests per minute must be a whole number/, "calibrate", "many"],
    [/--memory must be a size such as 128MB/, "hash", "x", "--memory", "lots"],
    [/--min-duration must be a duration/, "loadtest", "1", "--min-duration", "long"],
    [/Missing required argument/, "hash"],
  ] as const) {
    const { code, err } = await run(...words);
    assert.match(err, sentence);
    assert.equal(code, 2);
  }
});
