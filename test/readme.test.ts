import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "node:test";
import { startServer } from "./support/server.ts";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const lacking = ["curl", "jq"].filter((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status !== 0);

/** The first lines for a shell below a heading. */
function linesOf(heading: string): string {
  const chapter = readme.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  return /```sh\n([\s\S]*?)```/.exec(chapter!)![1]!;
}

test(
  "the walk in curl can be taken as often as one likes",
  { skip: lacking.length > 0 && `needs ${lacking.join(" and ")}` },
  async (t) => {
    const { publicUrl, adminUrl } = await startServer(t);
    const walk = linesOf("A walk in curl")
      .replaceAll("localhost:4433", publicUrl)
      .replaceAll("localhost:4434", adminUrl);
    for (const people of [1, 2]) {
      const { stdout } = await promisify(execFile)("sh", ["-euc", walk]);
      assert.match(stdout, /"session_token": "ory_st_/);
      assert.equal(stdout.match(/"email": "ada-\d+-\d+@example\.org"/g)?.length, 2 + people, stdout);
    }
  },
);

test("the lines for gRPC need no files", async (t) => {
  const { publicUrl, adminUrl } = await startServer(t);
  const lines = linesOf("The same over gRPC")
    .replaceAll("http://localhost:4433", publicUrl)
    .replaceAll("http://localhost:4434", adminUrl);
  const { stdout } = await promisify(execFile)("sh", ["-euc", lines], { cwd: root });
  assert.match(stdout, /"flow": ?\{[\s\S]*ostiary\.admin\.v1\.IdentityService\/ListIdentities[\s\S]*\{\}/);
});
