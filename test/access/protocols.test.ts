import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { access } from "#gen/ostiary/access/v1/access_pb.js";
import { servicesOf } from "../../src/app/services.ts";
import { doors } from "../support/doors.ts";
import { bearer, keyFor, startLocked } from "./locked.ts";

const methods = servicesOf.admin().flatMap(({ desc }) => desc.methods as DescMethodUnary[]);

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
