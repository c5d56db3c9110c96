import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { closedWindows, pipeline } from "../support/flood.ts";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { startProcess } from "../support/server-process.ts";

for (const path of ["/self-service/login/api", "/openapi.json", "/schemas"])
  test(`who pipelines ${path} and reads no answers costs neither memory nor the time of others`, { timeout: 60_000 }, async (t) => {
    const server = await startProcess(t);
    // The first of its kind has the server load what it needs.
    assert.equal((await fetch(server.publicUrl + path)).status, 200);
    assertUnharmed(
      await whileProbed(server, async () => {
        const connections = Array.from({ length: 200 }, () => pipeline(server, path, 100));
        await pause(1000);
        for (const { socket } of connections) socket.destroy();
      }),
    );
    await server.stop("SIGKILL");
  });

test("who closes the windows of all streams does neither", { timeout: 60_000 }, async (t) => {
  const server = await startProcess(t);
  assertUnharmed(
    await whileProbed(server, async () => {
      const sessions = await Promise.all(Array.from({ length: 20 }, () => closedWindows(server)));
      for (const session of sessions)
        for (let at = 0; at < 128; at++) session.request({ ":path": "/openapi.json" }).on("error", () => undefined);
      await pause(1000);
      for (const session of sessions) session.destroy();
    }),
  );
});

test("who pipelines and reads is answered in order; who pipelines too much is told so at the end", { timeout: 60_000 }, async (t) => {
  const server = await startProcess(t);
  assert.deepEqual(await pipeline(server, "/self-service/login/api", 100).read(), Array.from({ length: 100 }, () => 200));
  const statuses = await pipeline(server, "/health/alive", 400).read();
  assert.deepEqual(statuses, [...Array.from({ length: 129 }, () => 200), 503]);
});
