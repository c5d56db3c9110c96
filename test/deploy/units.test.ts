import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { configOf } from "../support/config.ts";
import { textOf } from "./files.ts";

const units = ["ostiary.service", "ostiary-migrate.service"];
const lacking = spawnSync("systemd-analyze", ["--version"], { stdio: "ignore" }).status !== 0;

test("a unit has time enough for a server to go, and gives it no rights", () => {
  const unit = textOf("deploy/systemd/ostiary.service");
  const { lame_duck, timeout } = configOf({ dsn: "memory" }).serve.shutdown;
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)![1]) * 1000 > lame_duck + timeout);
  for (const line of ["CapabilityBoundingSet=", "NoNewPrivileges=yes", "ProtectSystem=strict", "DynamicUser=yes"])
    assert.ok(unit.split("\n").includes(line), line);
});

test("systemd takes the units as they are", { skip: lacking && "needs systemd-analyze" }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-units-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = units.map((name) => {
    const file = join(folder, name);
    // Which is not installed here.
    writeFileSync(file, textOf(`deploy/systemd/${name}`).replaceAll("/opt/ostiary/bin/node", process.execPath));
    return file;
  });
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...files], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
});
