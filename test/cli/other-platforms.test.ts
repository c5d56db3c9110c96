import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { stopSignals } from "../../src/cli/until-stopped.ts";
import { socketPath } from "../../src/server/listen.ts";
import { questionFor } from "../../src/server/socket-owner.ts";
import { withoutSlashBeforeDrive } from "../../src/text/drive-path.ts";
import { startProcess } from "../support/server-process.ts";

/** As of an older Node, on a platform where no process can become another one. What it starts is as it is. */
const older = `if (!process.env.TOLD_TO_BE_OLD) {
  process.env.TOLD_TO_BE_OLD = "yes";
  delete process.execve;
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.0.0" } });
}`;
const environment = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(older)}` };

test("where no process can become another one, the program starts another, hands signals on, and ends as that does", async (t) => {
  const server = await startProcess(t, { environment });
  const { child, publicUrl } = server;
  assert.equal((await fetch(`${publicUrl}/health/alive`)).status, 200);
  if (process.platform === "linux")
    assert.match(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8"), /\d/, "another one serves");
  assert.equal(await server.stop("SIGTERM"), 0);
  await assert.rejects(fetch(`${publicUrl}/health/alive`));
});

test("on Windows, Ctrl-Break and the end of the window stop a server, too", () => {
  assert.deepEqual(stopSignals("win32"), ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"]);
  assert.deepEqual(stopSignals("linux"), ["SIGINT", "SIGTERM"]);
});

test("on Windows there are no unix sockets, and a server says so", () => {
  assert.equal(socketPath("unix:/run/admin.sock", "serve.admin.host", "darwin"), "/run/admin.sock");
  assert.throws(
    () => socketPath("unix:C:\\admin.sock", "serve.admin.host", "win32"),
    /\(serve\.admin\.host\): there are no unix sockets on Windows/,
  );
});

test("files of Windows are found by their addresses", () => {
  for (const [written, path] of [
    ["/C:/data/person.json", "C:/data/person.json"],
    ["C:\\data\\person.json", "C:\\data\\person.json"],
    ["/data/person.json", "/data/person.json"],
  ] as const)
    assert.equal(withoutSlashBeforeDrive(written, "win32"), path);
  assert.equal(withoutSlashBeforeDrive("/C:/data", "linux"), "/C:/data");
});

test("who owns a socket is asked of the directory that a platform keeps people in", () => {
  assert.deepEqual(questionFor("passwd", "ada", "linux"), ["getent", "--", "passwd", "ada"]);
  assert.deepEqual(questionFor("passwd", "ada", "darwin"), ["dscl", ".", "-read", "/Users/ada", "UniqueID"]);
  assert.deepEqual(questionFor("group", "staff", "darwin"), ["dscl", ".", "-read", "/Groups/staff", "PrimaryGroupID"]);
});
