import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../support/client.ts";
import { encoded } from "../support/config.ts";
import { password } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";

const mail = {
  type: "string",
  format: "email",
  "ory.sh/kratos": {
    credentials: { password: { identifier: true } },
    verification: { via: "email" },
    recovery: { via: "email" },
  },
};
const phone = { type: ["string", "null"], format: "tel", "ory.sh/kratos": { verification: { via: "sms" } } };
const withTraits = (properties: object) => ({
  config: {
    identity: {
      default_schema_id: "person",
      schemas: [{ id: "person", url: encoded({ properties: { traits: { type: "object", properties } } }) }],
    },
  },
});
const contact = { type: "object", properties: { mail, phone, label: { type: "string" } } };

onEachDatabase(
  "addresses in lists of objects, and in branches of a schema, name their owner",
  async (server) => {
    const traits = {
      contacts: [
        { mail: "one@example.org", label: "work" },
        { mail: "two@example.org", phone: "+49 151 12345678" },
        { phone: null },
      ],
      other: "three@example.org",
    };
    const { status, body } = await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits,
      credentials: { password: { config: { password } } },
    });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.traits.contacts[1].phone, "+4915112345678");
    assert.deepEqual(body.verifiable_addresses.map(({ value }: Json) => value).sort(), [
      "+4915112345678",
      "one@example.org",
      "three@example.org",
      "two@example.org",
    ]);
    for (const identifier of ["one@example.org", "two@example.org", "three@example.org"]) {
      const { body: flow } = await server.native.get("/self-service/login/api");
      assert.equal(
        (await server.native.post(flow.ui.action, { method: "password", identifier, password })).status,
        200,
        identifier,
      );
    }
    const taken = await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits: { contacts: [{ mail: "TWO@example.org" }] },
    });
    assert.equal(taken.status, 409);
  },
  withTraits({ contacts: { type: "array", items: contact }, other: { anyOf: [mail, { type: "null" }] } }),
);

test("what a list's objects hold has no input, and a misspelt keyword in it is refused as anywhere", async (t) => {
  const { native } = await startServer(t, withTraits({ mail, contacts: { type: "array", items: contact } }));
  const { body: flow } = await native.get("/self-service/registration/api");
  assert.deepEqual(
    flow.ui.nodes.map(({ attributes }: Json) => attributes.name).filter((name: string) => name.startsWith("traits.")),
    ["traits.mail"],
  );
  const misspelt = { type: "string", "ory.sh/kratos": { credentials: { pasword: { identifier: true } } } };
  await assert.rejects(
    startServer(
      t,
      withTraits({ mail, contacts: { type: "array", items: { type: "object", properties: { misspelt } } } }),
    ),
    /contacts\.misspelt/,
  );
});
