import assert from "node:assert/strict";
import type { Json } from "../support/client.ts";
import { onEachDatabase } from "../support/servers.ts";

onEachDatabase("a patch of a new account makes the parents that it names", async (server) => {
  let people = 0;
  const patched = async (...operations: object[]): Promise<{ status: number; body: Json }> => {
    const { body } = await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits: { email: `p${++people}@example.org` },
    });
    const answer = await server.admin("PATCH", `/admin/identities/${body.id}`, { json: operations });
    const { body: stored } = await server.admin("GET", `/admin/identities/${body.id}`);
    if (answer.status === 200)
      assert.deepEqual(
        [answer.body.metadata_public, answer.body.metadata_admin],
        [stored.metadata_public, stored.metadata_admin],
      );
    return { status: answer.status, body: stored };
  };
  const role = { role: "user" };
  for (const [operation, members] of [
    [{ op: "add", path: "/metadata_public/role", value: "user" }, { metadata_public: role }],
    [{ op: "add", path: "/metadata_admin/tenant", value: 7 }, { metadata_admin: { tenant: 7 } }],
    [{ op: "add", path: "/metadata_public/a/b/c", value: 1 }, { metadata_public: { a: { b: { c: 1 } } } }],
    [{ op: "add", path: "/metadata_public/l/0", value: 1 }, { metadata_public: { l: [1] } }],
    [{ op: "replace", path: "/metadata_public/role", value: "user" }, { metadata_public: role }],
    [{ op: "add", path: "/traits/name/first", value: "Ada" }, { metadata_public: null }],
    [{ op: "replace", path: "/State", value: "inactive" }, { state: "inactive" }],
    [{ op: "add", path: "/Metadata_Public/role", value: "user" }, { metadata_public: role }],
    [{ op: "add", path: "/colour", value: "red" }, { state: "active" }],
  ] as const) {
    const { status, body } = await patched(operation);
    assert.equal(status, 200, JSON.stringify(operation));
    assert.partialDeepStrictEqual(body, members, JSON.stringify(operation));
  }
  for (const operation of [
    { op: "remove", path: "/metadata_public/role" },
    { op: "remove", path: "/metadata_public/a/b" },
    { op: "replace", path: "/ID", value: "0190a3c4-0000-7000-8000-00000000000a" },
    { op: "add", path: "/Credentials/OIDC/config", value: {} },
    { op: "replace", path: "/STATE", value: "asleep" },
    { op: "add", path: "/traits/email/x", value: 1 },
    { op: "add", path: "/traits/none/x", value: 1 },
  ])
    assert.equal((await patched(operation)).status, 400, JSON.stringify(operation));
  const both = await patched(
    { op: "add", path: "/metadata_public/role", value: "user" },
    { op: "remove", path: "/metadata_public/role" },
  );
  assert.deepEqual([both.status, both.body.metadata_public], [200, {}]);
});
