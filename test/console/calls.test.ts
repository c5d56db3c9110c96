import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromJson } from "@bufbuild/protobuf";
import { calls } from "#gen/ostiary/admin_calls.js";
import { servicesOf } from "../../src/app/services.ts";
import { createRouter } from "../../src/rest/route.ts";
import { curlOf, grpcurlOf, messageOf } from "../../web/console/src/calls/commands.ts";
import { httpOf } from "../../web/console/src/calls/http.ts";
import type { CallName, RequestOf } from "../../web/console/src/calls/http.ts";

const served = servicesOf.admin().map(({ desc }) => desc);
const aim = { origin: "http://localhost:4434", tenant: "", needsKey: false };

const sources = readdirSync(join(import.meta.dirname, "../../web/console/src"), {
  recursive: true,
  withFileTypes: true,
})
  .filter(({ name }) => /\.tsx?$/.test(name))
  .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));

test("every call that the console makes is one that the admin port serves, at that path", () => {
  const router = createRouter(served);
  const methods = served.flatMap((service) => service.methods);
  const made = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/\b(?:call|useCall)\(\s*"(\w+)"|\bcall="(\w+)"/g)].map(([, a, b]) => a ?? b!),
    ),
  );
  assert.ok(made.size > 10);
  for (const name of made) {
    const { service, rpc, verb, path, body, answer } = calls[name as CallName];
    const method = methods.find((one) => one.parent.typeName === service && one.name === rpc);
    assert.ok(method, `${name} is not served`);
    const found = router.match(verb, path.replaceAll(/[{}]/g, "_"));
    assert.equal(found?.route.method, method, `${verb} ${path}`);
    assert.deepEqual([found?.route.body, found?.route.responseBody], [body, answer], name);
  }
});

const id = "01a2235a-3802-76bd-84ae-62cb7d90f4f1";
const samples: readonly { [Name in CallName]: readonly [Name, RequestOf<Name>] }[CallName][] = [
  ["ListIdentities", { page_size: 50, ids: [id, id] }],
  ["ListSessions", { page_size: 50, active: false, expand: ["identity", "devices"] }],
  ["CreateIdentity", { identity: { traits: { email: "it's@example.org", state: "active" }, state: "inactive" } }],
  ["PatchIdentity", { id, patch: [{ op: "replace", path: "/state", value: "inactive" }] }],
  ["CreateRecoveryCodeForIdentity", { recovery: { identity_id: id, expires_in: "1h", flow_type: "browser" } }],
  ["ManageSessions", { sessions: { action: "disable", identities: [id] } }],
  ["UpdateTenant", { id: "acme", tenant: { state: "inactive", hosts: { names: ["id.acme.example"] } } }],
];

test("a call is the same over REST and as gRPC's message", () => {
  const router = createRouter(served);
  for (const [name, request] of samples) {
    const { verb, path } = httpOf(name, request);
    const url = new URL(path, aim.origin);
    const { method } = router.match(verb, url.pathname)!.route;
    const message = fromJson(method.input, messageOf(name, request) as never);
    assert.equal(message.$typeName, method.input.typeName);
    assert.match(grpcurlOf(name, request, aim), new RegExp(`localhost:4434 ${method.parent.typeName}/${name}$`));
  }
  assert.deepEqual(messageOf("CreateIdentity", { identity: { traits: { state: "active" }, state: "inactive" } }), {
    identity: { traits: { state: "active" }, state: "IDENTITY_STATE_INACTIVE" },
  });
});

test("commands can be pasted into a shell", () => {
  const request = { identity: { traits: { name: "O'Brien" } } };
  assert.equal(
    curlOf("CreateIdentity", request, { ...aim, tenant: "acme", needsKey: true }),
    [
      "curl -X POST",
      `-H "authorization: Bearer $OSTIARY_API_KEY"`,
      "-H 'x-tenant: acme'",
      "-H 'content-type: application/json'",
      `-d '{"traits":{"name":"O'\\''Brien"}}'`,
      "'http://localhost:4434/admin/identities'",
    ].join(" \\\n  "),
  );
  assert.equal(
    grpcurlOf("GetIdentity", { id }, { ...aim, origin: "https://admin.example" }),
    `grpcurl \\\n  -d '{"id":"${id}"}' \\\n  admin.example:443 ostiary.admin.v1.IdentityService/GetIdentity`,
  );
});
