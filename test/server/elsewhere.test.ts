import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const core = ["../crypto/seal.test.ts", "../db/id.test.ts", "../db/pages.test.ts", "../flows/login.test.ts"].map(
  (file) => fileURLToPath(new URL(file, import.meta.url)),
);

test("people sign in where clocks are 45 minutes off the hour and i has no dot", async () => {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    TZ: "Asia/Kathmandu",
    LANG: "tr_TR.UTF-8",
    LC_ALL: "tr_TR.UTF-8",
    OSTIARY_TEST_DATABASES: "sqlite",
  };
  const run = spawn(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=tap", ...core], { env });
  let said = "";
  for (const stream of [run.stdout, run.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const code = await new Promise((done) => run.on("close", done));
  assert.equal(
    code,
    0,
    said
      .split("\n")
      .filter((line) => /not ok|error:/.test(line))
      .join("\n"),
  );
  assert.match(said, /# pass [1-9]/);
});
