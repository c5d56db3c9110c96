import assert from "node:assert/strict";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";
import { make, made, members, patch } from "./members.ts";

const by = async (server: TestServer, external: string) => {
  const { status, body } = await server.adminClient.get(
    `/admin/identities/by/external/${encodeURIComponent(external)}`,
  );
  return status === 200 ? body.traits.name : status;
};

onEachDatabase(
  "an external id finds its account as it was written: case and accents count",
  async (server) => {
    const written = ["CRM-1", "crm-1", "crm 1", "crm-é", "crm-e", "crm/7?x=1#y", "日本", "50%", "a'b", "x".repeat(512)];
    for (const [at, external_id] of written.entries()) await made(server, { name: `n${at}` }, { external_id });
    for (const [at, external] of written.entries()) assert.equal(await by(server, external), `n${at}`, external);
    for (const none of ["CRM-É", "Crm-1", "crm", "%", "x".repeat(511)]) assert.equal(await by(server, none), 404, none);
  },
  members,
);

onEachDatabase(
  "an external id is given once, may be changed, taken away and given to another",
  async (server) => {
    const ada = await made(server, { name: "ada" }, { external_id: "crm-1" });
    const bea = await made(server, { name: "bea" });
    const put = (id: string, name: string, more: object) =>
      server.admin("PUT", `/admin/identities/${id}`, {
        json: { schema_id: "member", state: "active", traits: { name }, ...more },
      });
    assert.equal((await make(server, { name: "cleo" }, { external_id: "crm-1" })).status, 409);
    assert.equal((await patch(server, bea.id, { op: "add", path: "/external_id", value: "crm-1" })).status, 409);
    assert.equal((await put(bea.id, "bea-2", { external_id: "crm-1" })).status, 409);
    assert.equal(
      (await server.adminClient.get(`/admin/identities/${bea.id}`)).body.traits.name,
      "bea",
      "what is refused changes nothing",
    );

    assert.equal((await patch(server, ada.id, { op: "replace", path: "/external_id", value: "crm-2" })).status, 200);
    assert.deepEqual([await by(server, "crm-1"), await by(server, "crm-2")], [404, "ada"]);
    assert.equal((await patch(server, bea.id, { op: "add", path: "/external_id", value: "crm-1" })).status, 200);
    assert.equal((await patch(server, ada.id, { op: "remove", path: "/external_id" })).status, 200);
    assert.deepEqual([await by(server, "crm-1"), await by(server, "crm-2")], ["bea", 404]);
    // Any number of accounts has none.
    for (const name of ["d", "e"]) await made(server, { name });
    assert.equal((await server.adminClient.get(`/admin/identities/${ada.id}`)).body.external_id, undefined);
  },
  members,
);

onEachDatabase(
  "in a batch an external id is given once as well, and the others of the batch are made",
  async (server) => {
    const create = (name: string, external_id?: string) => ({
      create: { schema_id: "member", traits: { name }, ...(external_id && { external_id }) },
    });
    const { body } = await server.admin("PATCH", "/admin/identities", {
      json: { identities: [create("a", "crm-1"), create("b", "crm-1"), create("c", "crm-2"), create("d")] },
    });
    assert.deepEqual(
      body.identities.map(({ action, error }: { action: string; error?: { code: number } }) => error?.code ?? action),
      ["create", 409, "create", "create"],
    );
    assert.deepEqual([await by(server, "crm-1"), await by(server, "crm-2")], ["a", "c"]);
  },
  members,
);
