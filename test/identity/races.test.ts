import assert from "node:assert/strict";
import type { Json } from "../support/client.ts";
import { atOnce } from "../support/person.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";
import { make, made, members, patch } from "./members.ts";

const read = async (server: TestServer, id: string): Promise<Json> =>
  (await server.adminClient.get(`/admin/identities/${id}`)).body;
const replace = (server: TestServer, id: string, traits: Json, more: object = {}) =>
  server.admin("PUT", `/admin/identities/${id}`, { json: { schema_id: "member", state: "active", traits, ...more } });
/** What may become of one of several that cannot all win. */
const fair = new Set([200, 201, 204, 404, 409]);

onTwoServers(
  "a name, an address and an external id that many claim at once on two servers are given once",
  async (one, other) => {
    const claims = (server: TestServer, at: number) => [
      make(server, { name: "ada" }),
      make(server, { email: "ada@example.org" }),
      make(server, { name: `n${at}-${server === one ? 1 : 2}` }, { external_id: "crm-1" }),
    ];
    const answers = await atOnce(6, (at) => Promise.all([...claims(one, at), ...claims(other, at)]));
    for (const claimed of [0, 1, 2]) {
      const statuses = answers.flatMap((all) => [all[claimed]!.status, all[claimed + 3]!.status]);
      assert.equal(statuses.filter((status) => status === 201).length, 1, String(statuses));
      assert.ok(
        statuses.every((status) => status === 201 || status === 409),
        String(statuses),
      );
    }
    assert.equal((await one.adminClient.get("/admin/identities")).body.length, 3);
  },
  members,
);

onTwoServers(
  "two accounts that want each other's name never both have it, and neither is left without",
  async (one, other) => {
    for (let round = 0; round < 4; round++) {
      const [ada, bea] = await Promise.all([made(one, { name: `ada-${round}` }), made(one, { name: `bea-${round}` })]);
      const change = (server: TestServer, { id }: Json, name: string) =>
        patch(server, id, { op: "replace", path: "/traits/name", value: name });
      const answers = await Promise.all([
        change(one, ada, `bea-${round}`),
        change(other, bea, `ada-${round}`),
        change(other, ada, `cleo-${round}`),
        change(one, bea, `cleo-${round}`),
      ]);
      for (const { status } of answers) assert.ok(fair.has(status), String(status));
      const now = await Promise.all([read(one, ada.id), read(one, bea.id)]);
      const names: string[] = now.map(({ traits }) => traits.name);
      assert.equal(new Set(names).size, 2, String(names));
      for (const [at, name] of names.entries()) {
        const { body } = await one.adminClient.get(`/admin/identities?credentials_identifier=${name}`);
        assert.deepEqual(
          body.map(({ id }: Json) => id),
          [now[at]!.id],
          "who is found by a name is who has it",
        );
      }
    }
  },
  members,
);

onEachDatabase(
  "of a whole replacement and of patches at once nothing is mixed, and no patch is lost",
  async (server) => {
    const { id } = await made(
      server,
      { name: "ada" },
      { metadata_public: { from: "start" }, metadata_admin: { from: "start" } },
    );
    const answers = await atOnce(12, (at) =>
      at % 3 === 0
        ? replace(server, id, { name: `ada-${at}` }, { metadata_public: { from: at }, metadata_admin: { from: at } })
        : patch(server, id, { op: "add", path: `/metadata_public/p${at}`, value: at }),
    );
    for (const { status, body } of answers) assert.equal(status, 200, JSON.stringify(body));
    const { traits, metadata_public, metadata_admin } = await read(server, id);
    assert.equal(traits.name, `ada-${metadata_public.from}`);
    assert.deepEqual(metadata_admin, { from: metadata_public.from });
    for (const name of answers.map(({ body }) => body.traits.name))
      if (name !== traits.name && name !== "ada")
        assert.deepEqual((await server.adminClient.get(`/admin/identities?credentials_identifier=${name}`)).body, []);
  },
  members,
);

onTwoServers(
  "who is deleted while others change, verify and find them is gone, and their name is free",
  async (one, other) => {
    for (let round = 0; round < 4; round++) {
      const { id } = await made(one, { name: "ada", email: "ada@example.org" });
      const answers = await Promise.all([
        patch(one, id, { op: "replace", path: "/traits/name", value: "ada-2" }),
        other.admin("DELETE", `/admin/identities/${id}`),
        replace(other, id, { name: "ada-3", email: "ada@example.org" }),
        one.adminClient.get(`/admin/identities/${id}`),
        patch(other, id, { op: "replace", path: "/verifiable_addresses/0/verified", value: true }),
        one.admin("DELETE", `/admin/identities/${id}`),
      ]);
      for (const { status, body } of answers)
        assert.ok(fair.has(status) || status === 503, `${status}: ${JSON.stringify(body)}`);
      assert.equal(answers.filter(({ status }) => status === 204).length, 1, "it is deleted once");
      assert.equal((await one.adminClient.get(`/admin/identities/${id}`)).status, 404);
      for (const name of ["ada", "ada-2", "ada-3", "ada@example.org"])
        assert.deepEqual(
          (await other.adminClient.get(`/admin/identities?credentials_identifier=${name}`)).body,
          [],
          name,
        );
    }
  },
  members,
);

onEachDatabase(
  "batches that claim the same names at once give each of them once, and tell who was too late",
  async (server) => {
    const batch = (at: number) =>
      server.admin("PATCH", "/admin/identities", {
        json: {
          identities: ["a", "b", "c", "d"].map((name) => ({
            create: { schema_id: "member", traits: { name } },
            patch_id: `0190b3a0-0000-7000-8000-00000000000${at}`,
          })),
        },
      });
    const answers = await atOnce(4, batch);
    for (const { status, body } of answers) assert.equal(status, 200, JSON.stringify(body));
    const items: Json[] = answers.flatMap(({ body }) => body.identities);
    assert.equal(items.filter(({ action }) => action === "create").length, 4);
    for (const { action, error } of items)
      if (action !== "create") assert.equal(error.code, 409, JSON.stringify(error));
    assert.deepEqual(
      (await server.adminClient.get("/admin/identities")).body.map(({ traits }: Json) => traits.name).toSorted(),
      ["a", "b", "c", "d"],
    );
  },
  members,
);
