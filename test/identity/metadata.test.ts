import assert from "node:assert/strict";
import type { Json } from "../support/client.ts";
import { password, signInNatively } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";
import { make, made, members, patch } from "./members.ts";

const read = async (server: TestServer, id: string): Promise<Json> =>
  (await server.adminClient.get(`/admin/identities/${id}`)).body;

// What databases, drivers and JSON libraries like to make something else of.
const values: readonly Json[] = [
  {},
  [],
  "",
  "text",
  "null",
  '{"a":1}',
  "12",
  0,
  -0.5,
  1e-7,
  1e21,
  9007199254740991,
  true,
  false,
  { deep: { a: [1, [2, { b: null }]] } },
  { "": 1, " ": 2, "ä/~0": 3, $ref: "#", __proto: 1 },
  ["é", "é", "😀", "\u2028", "\\u0041", "'", '"', "\\"],
  { date: "2024-02-30", long: "x".repeat(70_000) },
];

onEachDatabase(
  "metadata comes back as it was given, of whatever kind it is",
  async (server) => {
    for (const [at, value] of values.entries()) {
      const { id } = await made(server, { name: `n${at}` }, { metadata_public: value, metadata_admin: { value } });
      const kept = await read(server, id);
      assert.deepEqual([kept.metadata_public, kept.metadata_admin], [value, { value }]);
      const [listed] = (await server.adminClient.get(`/admin/identities?ids=${id}`)).body;
      assert.deepEqual([listed.metadata_public, listed.metadata_admin], [value, { value }]);
      const patched = await patch(server, id, { op: "add", path: "/metadata_admin/next", value });
      assert.deepEqual(patched.body.metadata_admin, { value, next: value });
      assert.deepEqual((await read(server, id)).metadata_admin, { value, next: value });
    }
  },
  members,
);

onEachDatabase(
  "members keep their order, and numbers their value, through a patch of another one",
  async (server) => {
    const text =
      '{"schema_id":"member","traits":{"name":"ada"},"metadata_public":{"z":1,"a":{"y":2,"b":3},"10":4,"n":0.1}}';
    const { body } = await server.admin("POST", "/admin/identities", { raw: text });
    await patch(server, body.id, { op: "replace", path: "/metadata_public/a/b", value: 5 });
    assert.deepEqual((await read(server, body.id)).metadata_public, { z: 1, a: { y: 2, b: 5 }, 10: 4, n: 0.1 });
  },
  members,
);

onEachDatabase(
  "without metadata it is null; a replacement that leaves it out takes it away, a patch does not",
  async (server) => {
    const { id } = await made(server, { name: "ada" });
    const none = await read(server, id);
    assert.deepEqual([none.metadata_public, none.metadata_admin], [null, null]);
    await patch(
      server,
      id,
      { op: "add", path: "/metadata_public", value: { plan: "free" } },
      { op: "add", path: "/metadata_admin", value: { note: "x" } },
    );
    await patch(server, id, { op: "replace", path: "/traits/name", value: "ada-2" });
    const kept = await read(server, id);
    assert.deepEqual([kept.metadata_public, kept.metadata_admin], [{ plan: "free" }, { note: "x" }]);
    const put = await server.admin("PUT", `/admin/identities/${id}`, {
      json: { schema_id: "member", state: "active", traits: { name: "ada" }, metadata_public: { plan: "paid" } },
    });
    assert.equal(put.status, 200);
    const replaced = await read(server, id);
    assert.deepEqual([replaced.metadata_public, replaced.metadata_admin], [{ plan: "paid" }, null]);
    await patch(server, id, { op: "remove", path: "/metadata_public" });
    assert.equal((await read(server, id)).metadata_public, null);
  },
  members,
);

onEachDatabase(
  "people see their public metadata and never what administrators keep to themselves",
  async (server) => {
    await made(
      server,
      { email: "ada@example.org" },
      {
        metadata_public: { plan: "free" },
        metadata_admin: { secret: "hush" },
        credentials: { password: { config: { password } } },
      },
    );
    const headers = await signInNatively(server, "ada@example.org");
    for (const path of ["/sessions/whoami", "/self-service/settings/api"]) {
      const { status, body } = await server.native.get(path, { headers });
      assert.equal(status, 200);
      assert.deepEqual(body.identity.metadata_public, { plan: "free" }, path);
      assert.doesNotMatch(JSON.stringify(body), /hush|metadata_admin/, path);
    }
  },
  members,
);

onEachDatabase(
  "what nobody could keep or would want to read is refused, and nothing is made",
  async (server) => {
    let deep: Json = 1;
    for (let at = 0; at < 40; at++) deep = { deep };
    for (const value of [
      deep,
      { a: "\0" },
      { "\0": 1 },
      { a: "\ud800" },
      Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`k${at}`, at])),
    ])
      for (const place of ["metadata_public", "metadata_admin"])
        assert.equal(
          (await make(server, { name: "ada" }, { [place]: value })).status,
          400,
          JSON.stringify(value).slice(0, 40),
        );
    assert.deepEqual((await server.adminClient.get("/admin/identities")).body, []);
  },
  members,
);
