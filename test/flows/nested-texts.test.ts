import assert from "node:assert/strict";
import { test } from "node:test";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { encoded } from "../support/config.ts";
import { password } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const schema = {
  definitions: { count: { type: "integer", minimum: 1 } },
  properties: {
    traits: {
      type: "object",
      properties: {
        email: {
          type: "string",
          format: "email",
          "ory.sh/kratos": {
            credentials: { password: { identifier: true }, code: { identifier: true, via: "email" } },
          },
        },
        tos: { type: "boolean" },
        age: { type: "integer" },
        share: { type: ["number", "null"] },
        adults: { $ref: "#/definitions/count" },
        branch: { anyOf: [{ type: "null" }, { type: "number" }] },
        size: { enum: [36, 38, 40] },
        accepted: { type: "boolean", const: true },
        either: { type: ["string", "number"], maxLength: 2 },
        branches: { anyOf: [{ type: "number" }, { type: "string", minLength: 4 }] },
        untyped: { anyOf: [{ type: "number" }, { minLength: 4 }] },
        mixed: { enum: ["small", 36] },
        "a/b~c": { type: "integer" },
        children: {
          type: "array",
          items: { type: "object", properties: { age: { type: "integer" }, name: { type: "string" } } },
        },
        pair: { type: "array", items: [{ type: "string" }, { type: "number" }] },
      },
      required: ["email"],
      additionalProperties: false,
    },
  },
};
const config = {
  identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(schema) }] },
  selfservice: {
    methods: { code: { enabled: true, passwordless_enabled: true } },
    flows: { settings: { required_aal: "aal1" } },
  },
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/" } },
};

let people = 0;

/** Signs somebody up by nested JSON, and tells the traits beside the address, or what the form says of which field. */
async function signUp({ native }: TestServer, traits: object): Promise<Json> {
  const { body: flow } = await native.get("/self-service/registration/api");
  const { status, body } = await native.post(flow.ui.action, {
    method: "password",
    password,
    traits: { email: `n${++people}@example.org`, ...traits },
  });
  if (status !== 200) return { status, ids: messageIds(body) };
  const { email: _, ...others } = body.identity.traits;
  return others;
}

onEachDatabase(
  "nested JSON may say as text what can only be a number or a truth value, as Ory's pages do",
  async (server) => {
    const texts = {
      tos: "true",
      age: "36",
      share: "0.5",
      adults: "2",
      branch: "1e3",
      size: "38",
      accepted: "true",
      "a/b~c": "4",
      children: [{ age: "7", name: "8" }],
      pair: ["1", "2"],
    };
    const values = {
      tos: true,
      age: 36,
      share: 0.5,
      adults: 2,
      branch: 1000,
      size: 38,
      accepted: true,
      "a/b~c": 4,
      children: [{ age: 7, name: "8" }],
      pair: ["1", 2],
    };
    assert.deepEqual(await signUp(server, texts), values);
    for (const [name, text] of Object.entries({ either: "36", branches: "3600", untyped: "3600", mixed: "small" }))
      assert.deepEqual(await signUp(server, { [name]: text }), { [name]: text });
  },
  { config },
);

test("a text that JSON would not write so, or that some text would do for, is refused as it is", async (t) => {
  const server = await startServer(t, { config });
  for (const text of ["", " 36", "36 ", "0x24", "+36", "036", "1e999", "٣", "Infinity", "9007199254740993", "true"])
    assert.deepEqual(await signUp(server, { age: text }), { status: 400, ids: [4000026] }, text);
  for (const text of ["", "1", "on", "TRUE", "True", "t"])
    assert.deepEqual(await signUp(server, { tos: text }), { status: 400, ids: [4000026] }, text);
  for (const traits of [
    { either: "360" },
    { branches: "360" },
    { untyped: "360" },
    { mixed: "36" },
    { age: "36.5" },
    { adults: "0" },
    { size: "37" },
    { accepted: "false" },
    { age: ["36"] },
    { website: "1" },
  ])
    assert.equal((await signUp(server, traits)).status, 400, JSON.stringify(traits));
});

test("so do sign-up by code and a changed profile, but not the admin API", async (t) => {
  const server = await startServer(t, { config });
  const { native } = server;
  const { body: byCode } = await native.get("/self-service/registration/api");
  const sent = await native.post(byCode.ui.action, {
    method: "code",
    traits: { email: "code@example.org", age: "36" },
  });
  assert.deepEqual([sent.body.state, messageIds(sent.body)], ["sent_email", [1040005]]);
  const { body: flow } = await native.get("/self-service/registration/api");
  const { body: done } = await native.post(flow.ui.action, {
    method: "password",
    password,
    traits: { email: "ada@example.org", tos: "true" },
  });
  const headers = { authorization: `Bearer ${done.session_token}` };
  const { body: settings } = await native.get("/self-service/settings/api", { headers });
  const changed = await native.post(
    settings.ui.action,
    { method: "profile", traits: { email: "ada@example.org", age: "37", tos: "false" } },
    { headers },
  );
  assert.deepEqual(
    [changed.status, changed.body.identity.traits],
    [200, { email: "ada@example.org", age: 37, tos: false }],
  );
  const byAdmin = await server.admin("POST", "/admin/identities", {
    json: { schema_id: "person", traits: { email: "b@example.org", age: "36" } },
  });
  const put = await server.admin("PUT", `/admin/identities/${done.identity.id}`, {
    json: { schema_id: "person", state: "active", traits: { email: "ada@example.org", age: "36" } },
  });
  assert.deepEqual([byAdmin.status, put.status], [400, 400]);
});
