import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { closedWindows, pipeline } from "../support/flood.ts";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

// One server bears them all: what one leaves behind, the next one finds.
test("who reads no answers costs neither memory nor the time of others", { timeout: 60_000 }, async (t) => {
  const server = await startProcess(t, { config: { selfservice: { new_flows_per_client: { enabled: false } } } });
  for (const path of ["/self-service/login/api", "/openapi.json", "/schemas"])
    await t.test(`who pipelines ${path}`, () => pipelineUnread(server, path));
  await t.test("of all connections so many requests wait, and those that come then are refused", () => crowd(server));
  await t.test("who closes the windows of all streams", () => closeWindows(server));
  await t.test(
    "who pipelines and reads is answered in order; who pipelines too much is told so at the end",
    async () => {
      assert.deepEqual(
        await pipeline(server, "/self-service/login/api", 100).read(),
        Array.from({ length: 100 }, () => 200),
      );
      const statuses = await pipeline(server, "/health/alive", 400).read();
      assert.deepEqual(statuses, [...Array.from({ length: 129 }, () => 200), 503]);
    },
  );
});

async function crowd(server: ServerProcess): Promise<void> {
  const connections = Array.from({ length: 120 }, () => pipeline(server, "/self-service/login/api", 100));
  const [first, last] = [connections[0]!, connections.at(-1)!];
  assert.equal((await last.read()).at(-1), 503, "whoever comes last finds no place");
  assert.equal((await fetch(`${server.publicUrl}/health/alive`)).status, 200, "one request at a time needs none");
  assert.equal((await first.read()).at(-1), 200);
  for (const { socket } of connections) socket.destroy();
  const answers = await pipeline(server, "/health/alive", 100).read();
  assert.ok(answers.every((status) => status === 200));
}

async function pipelineUnread(server: ServerProcess, path: string): Promise<void> {
  // The first of its kind has the server load what it needs.
  assert.equal((await fetch(server.publicUrl + path)).status, 200);
  assertUnharmed(
    await whileProbed(server, async () => {
      const connections = Array.from({ length: 200 }, () => pipeline(server, path, 100));
      await pause(700);
      for (const { socket } of connections) socket.destroy();
    }),
  );
}

async function closeWindows(server: ServerProcess): Promise<void> {
  assertUnharmed(
    await whileProbed(server, async () => {
      const sessions = await Promise.all(Array.from({ length: 20 }, () => closedWindows(server)));
      for (const session of sessions)
        for (let at = 0; at < 128; at++) session.request({ ":path": "/openapi.json" }).on("error", () => undefined);
      await pause(700);
      for (const session of sessions) session.destroy();
    }),
  );
}
