import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { assertUnharmed, whileProbed } from "../support/health-probe.ts";
import { startProcess } from "../support/server-process.ts";

const hasLimits = (() => {
  try {
    return Boolean(execFileSync("prlimit", ["--version"]));
  } catch {
    return false;
  }
})();

test(
  "a file that cannot grow stops no server, and is written to again as soon as it can",
  { skip: !hasLimits && "prlimit is not installed" },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "full.sqlite");
    const server = await startProcess(t, { config: { dsn: `sqlite://${file}` } });
    const begin = () => fetch(`${server.publicUrl}/self-service/login/api`).then(({ status }) => status);
    const ready = () => fetch(`${server.adminUrl}/health/ready`).then(({ status }) => status);
    const allow = (bytes: number | "unlimited") =>
      execFileSync("prlimit", ["--pid", String(server.child.pid), `--fsize=${bytes}:unlimited`]);
    assert.equal(await begin(), 200);

    const seen = await whileProbed(server, async () => {
      for (let round = 0; round < 3; round++) {
        allow(statSync(`${file}-wal`).size);
        const refused = await Promise.all(Array.from({ length: 60 }, begin));
        assert.ok(
          refused.every((status) => status === 200 || status === 503),
          String(refused),
        );
        assert.ok(refused.includes(503));
        await pause(300);
        assert.equal(await ready(), 503);
        allow("unlimited");
        await pause(300);
        assert.equal(await ready(), 200);
        assert.ok((await Promise.all(Array.from({ length: 20 }, begin))).every((status) => status === 200));
      }
    });
    assertUnharmed(seen);
    assert.equal(await server.stop(), 0);
  },
);
