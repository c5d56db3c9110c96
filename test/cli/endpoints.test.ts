import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runIn } from "../support/command-line.ts";
import { startServer } from "../support/server.ts";

test("a server is administered over gRPC and by a socket, as over HTTP", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "admin.sock");
  const [atPort, atSocket] = [
    await startServer(t),
    await startServer(t, { config: { serve: { admin: { host: `unix:${path}` } } } }),
  ];
  const { host } = new URL(atPort.adminUrl);
  assert.equal(atSocket.adminUrl, path);
  const endpoints = [`http://${host}`, `grpc://${host}`, `grpc://${host}/`, `unix:${path}`];
  for (const [index, endpoint] of endpoints.entries()) {
    const name = `tenant-${index}`;
    const made = await runIn({}, "tenants", "create", name, "-e", endpoint);
    assert.equal(made.code, 0, `${endpoint}: ${made.err}`);
    const again = await runIn({}, "tenants", "create", name, "-e", endpoint);
    assert.equal(again.code, 1);
    assert.match(again.err, /already belongs to another tenant/, endpoint);
  }
});

test("an endpoint where nobody is, or that is none, is told in a sentence", async () => {
  for (const endpoint of ["grpc://127.0.0.1:1", "unix:/nowhere/admin.sock", "http://127.0.0.1:1"])
    assert.match((await runIn({}, "tenants", "list", "-e", endpoint)).err, /cannot be reached/, endpoint);
  for (const endpoint of ["grpc://", "ftp://example.org", "grpc://host/path", "unix:"])
    assert.match((await runIn({}, "tenants", "list", "-e", endpoint)).err, /must be the URL of a server/, endpoint);
});
