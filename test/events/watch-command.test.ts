import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "../support/courier.ts";
import { createMigrated } from "../support/databases.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const door = fileURLToPath(new URL("../../bin/ostiary.js", import.meta.url));

/** Starts `ostiary events watch` at a server, from the beginning of its events. */
function watch(t: TestContext, { adminUrl }: ServerProcess, ...words: string[]) {
  const child = spawn(process.execPath, [door, "events", "watch", "-e", adminUrl, "--from-beginning", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  const [lines, errors]: [string[], string[]] = [[], []];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  createInterface(child.stderr).on("line", (line) => errors.push(line));
  return { child, lines, errors, code: once(child, "exit").then(([code]) => code as number | null) };
}

async function make({ adminUrl }: ServerProcess, email: string): Promise<string> {
  const answer = await fetch(`${adminUrl}/admin/identities`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ schema_id: "person", traits: { email } }),
  });
  assert.equal(answer.status, 201);
  return ((await answer.json()) as { id: string }).id;
}

test("`events watch` prints each event once, in its format, also across a restart of the server, and ends when it is interrupted", async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  t.after(() => drop());
  const server = await startProcess(t, { config: { dsn } });
  const first = await make(server, "pat@example.org");
  const [json, words, ids] = [
    watch(t, server, "--format", "json"),
    watch(t, server),
    watch(t, server, "--quiet", "--type", "SessionIssued"),
  ];
  await until(() => json.lines.length === 1 && words.lines.length >= 1, 30_000);
  assert.equal(await server.stop(), 0);
  const again = await startProcess(t, { config: { dsn }, ports: server });
  const second = await make(again, "sam@example.org");
  await until(() => json.lines.length >= 2 && words.lines.some((line) => line.includes(second)), 30_000);

  const told = json.lines.map((line) => JSON.parse(line) as { type: string; subject_id: string; cursor: string });
  assert.deepEqual(
    told.map(({ type, subject_id: subject }) => [type, subject]),
    [
      ["IdentityCreated", first],
      ["IdentityCreated", second],
    ],
  );
  assert.notEqual(told[0]!.cursor, told[1]!.cursor);
  for (const subject of [first, second])
    assert.equal(words.lines.filter((line) => line.includes(subject)).length, 1, words.lines.join("\n"));
  for (const { child } of [json, words, ids]) child.kill("SIGINT");
  for (const { code, errors } of [json, words, ids]) assert.deepEqual([await code, errors], [0, []]);
  assert.deepEqual(ids.lines, []);
});

test("`events watch` ends well when nobody reads any more what it prints", async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  t.after(() => drop());
  const server = await startProcess(t, { config: { dsn } });
  await make(server, "pat@example.org");
  const { child, lines, errors, code } = watch(t, server, "--format", "json");
  await until(() => lines.length === 1, 30_000);
  child.stdout.destroy();
  await make(server, "sam@example.org");
  await make(server, "kim@example.org");
  assert.deepEqual([await code, errors], [0, []]);
});
