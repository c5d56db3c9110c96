import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:http2";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { access } from "#gen/ostiary/access/v1/access_pb.js";
import { servicesOf } from "../../src/app/services.ts";
import { doors } from "../support/doors.ts";
import { bearer, keyFor, startLocked } from "./locked.ts";

const methods = servicesOf
  .admin()
  .flatMap(({ desc }) => desc.methods.filter(({ methodKind }) => methodKind === "unary") as DescMethodUnary[]);

test("every call of the admin API is refused without its scope, by every protocol", async (t) => {
  const servers = await startLocked(t, "sqlite");
  const { secret } = await keyFor(servers, ["mappers.try"], { all_tenants: true });
  for (const name of ["REST", "Connect, JSON", "Connect, by GET", "gRPC", "gRPC-web"]) {
    const door = doors[name]!(servers.locked.adminUrl);
    await t.test(name, async () => {
      let asked = 0;
      for (const method of methods) {
        const { scope, open: isOpen } = getOption(method, access);
        if (isOpen || scope === "mappers.try") continue;
        const request = create(method.input);
        const without = await door(method, request);
        const wrong = await door(method, request, bearer(secret));
        if (!without) continue;
        asked++;
        assert.equal(without.verdict, "401 admin_credential_required", method.name);
        assert.equal(wrong?.verdict, "403 admin_scope_required", method.name);
      }
      assert.ok(asked > 20, `${asked} calls`);
    });
  }
});

test("who is not let in is told so before a body is read, by every protocol", async (t) => {
  const { locked } = await startLocked(t, "sqlite");
  const path = "/ostiary.admin.v1.IdentityService/CreateIdentity";
  const begun = (to: string, type: string) => ({
    host: new URL(locked.adminUrl).hostname,
    port: new URL(locked.adminUrl).port,
    path: to,
    method: "POST",
    headers: { "content-type": type, "content-length": "1000000" },
  });
  // Not a byte of the body is ever sent.
  for (const [to, type, status] of [
    ["/admin/identities", "application/json", 401],
    [path, "application/json", 401],
    [path, "application/proto", 401],
    [path, "application/grpc-web+proto", 200],
  ] as const)
    await t.test(`${type} to ${to}`, async () => {
      const req = request(begun(to, type));
      req.flushHeaders();
      const [res] = (await once(req, "response")) as [IncomingMessage];
      assert.equal(res.statusCode, status);
      req.destroy();
    });
  await t.test("gRPC", async () => {
    const session = connect(locked.adminUrl);
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.resume();
    // A refusal is told by headers alone.
    const [headers] = (await once(stream, "response")) as [Record<string, string>];
    assert.equal(headers["grpc-status"], "16");
    session.destroy();
  });
});

test("wrong keys are counted, and who shows too many waits; a key that is known is not kept waiting", async (t) => {
  const servers = await startLocked(t, "sqlite");
  const { secret } = await keyFor(servers, ["identities.read"]);
  const ask = (key: string) => servers.locked.admin("GET", "/admin/identities", { headers: bearer(key) });
  assert.equal((await ask(secret)).status, 200);
  const statuses: number[] = [];
  for (let at = 0; at < 25; at++) statuses.push((await ask(`ost_${"x".repeat(49)}`)).status);
  assert.deepEqual([statuses[0], statuses.at(-1)], [401, 429]);
  assert.equal((await ask(secret)).status, 200);
  const late = await ask(`ost_${"y".repeat(49)}`);
  assert.equal(late.status, 429);
  assert.ok(Number(late.headers.get("retry-after")) > 0);
  servers.locked.advance(60_000);
  assert.equal((await ask(`ost_${"y".repeat(49)}`)).status, 401);
});
