import assert from "node:assert/strict";
import { encoded } from "../support/config.ts";
import { begin, password, signedIn, submit } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";

const names = {
  "ory.sh/kratos": {
    credentials: { password: { identifier: true } },
    verification: { via: "email" },
    recovery: { via: "email" },
  },
};
const schema = {
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        email: { type: "string", format: "no-validate", ...names },
        others: { type: "array", items: { type: "string", format: "no-validate", ...names } },
      },
    },
  },
};

onEachDatabase(
  "a name that no database has room for is told at its field",
  async (server) => {
    const long = `${"a".repeat(600)}@example.org`;
    // In the form that is stored, one letter becomes eighteen.
    for (const traits of [
      { email: long },
      { email: "\ufdfa".repeat(40) },
      { email: "a@example.org", others: ["b@example.org", long] },
    ]) {
      const flow = await begin(server, "registration", {});
      const answer = await submit(server, flow, { method: "password", password, traits }, {});
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
      assert.match(JSON.stringify(answer.body.ui.nodes), /4000017/, "too long");
      const made = await server.adminClient.post("/admin/identities", { schema_id: "person", traits });
      assert.equal(made.status, 400);
      const { id, headers } = await signedIn(server, `${Object.keys(traits).length}${answer.body.id}@example.org`);
      assert.equal(
        (await submit(server, await begin(server, "settings", headers), { method: "profile", traits }, headers)).status,
        400,
      );
      assert.equal(
        (
          await server.admin("PATCH", `/admin/identities/${id}`, {
            json: [{ op: "replace", path: "/traits", value: traits }],
          })
        ).status,
        400,
      );
      assert.equal(
        (
          await server.admin("PATCH", `/admin/identities/${id}`, {
            json: [{ op: "add", path: "/external_id", value: long }],
          })
        ).status,
        400,
      );
    }
    assert.equal(
      (
        await server.adminClient.post("/admin/identities", {
          schema_id: "person",
          traits: { email: "z@example.org" },
          external_id: long,
        })
      ).status,
      400,
    );
    assert.equal(
      (await submit(server, await begin(server, "login", {}), { method: "password", identifier: long, password }, {}))
        .status,
      400,
    );
    assert.equal((await server.adminClient.get(`/admin/identities?credentials_identifier=${long}`)).status, 200);
    assert.equal((await server.adminClient.get(`/admin/identities/by/external/${long}`)).status, 404);
  },
  { config: { identity: { schemas: [{ id: "person", url: encoded(schema) }] } } },
);
