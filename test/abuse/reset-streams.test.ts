import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { openAndReset } from "../support/flood.ts";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const streamsEach = 1000;

test("streams that are reset are not worked off", { timeout: 60_000 }, async (t) => {
  const server = await startProcess(t);
  assert.equal((await fetch(`${server.publicUrl}/self-service/login/api`)).status, 200);
  const before = await beginnings(server);
  assert.equal(before, 1, "what is begun is counted");
  assertUnharmed(
    await whileProbed(server, async () => {
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const session = http2.connect(server.publicUrl, { maxSessionMemory: 100 }).on("error", () => undefined);
          await once(session, "connect");
          await openAndReset(session, "/self-service/login/api", streamsEach);
          await pause(500);
          session.destroy();
        }),
      );
    }),
  );
  const begun = (await beginnings(server)) - before;
  assert.ok(begun < 8 * 128, `${begun} flows of ${8 * streamsEach} were begun`);
});

/** How many flows for signing in have been begun, as the server counts its calls. */
async function beginnings(server: ServerProcess): Promise<number> {
  const text = await (await fetch(`${server.adminUrl}/metrics/prometheus`)).text();
  return [...text.matchAll(/^\w*calls_total\{[^}]*Create\w*LoginFlow[^}]*\} (\d+)/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}
