import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { messageIds } from "../support/client.ts";
import type { Json, RequestOptions } from "../support/client.ts";
import { emailTrait, encoded } from "../support/config.ts";
import { password } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const schema = {
  properties: {
    traits: {
      type: "object",
      properties: {
        email: emailTrait,
        tos: { type: "boolean" },
        age: { type: "integer" },
        name: { type: "object", properties: { first: { type: "string" }, last: { type: "string" } } },
        tags: { type: "array", items: { type: "string" } },
      },
      required: ["email"],
      additionalProperties: false,
    },
  },
};
const config = { identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(schema) }] } };

/** Signs somebody up by a body, and tells the answer. */
async function signUp({ native }: TestServer, options: RequestOptions) {
  const { body: flow } = await native.get("/self-service/registration/api");
  return native.send("POST", flow.ui.action, options);
}

const flat = (members: object) => ({ method: "password", password, "traits.email": "ada@example.org", ...members });

onEachDatabase(
  "JSON may name traits as a form does, and is read as one",
  async (server) => {
    const { status, body } = await signUp(server, {
      json: flat({
        "traits.tos": 1,
        "traits.age": "36",
        "traits.name.first": "Ada",
        "traits.website": "x",
        "traits.tags": ["a", "b"],
      }),
    });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.identity.traits, {
      email: "ada@example.org",
      tos: true,
      age: 36,
      name: { first: "Ada" },
      tags: ["a", "b"],
    });
    const kept = await server.admin("GET", `/admin/identities/${body.identity.id}`);
    assert.deepEqual(kept.body.traits, body.identity.traits);
  },
  { config },
);

test("names that the schema does not know are left out of forms and of JSON that is named like them, not of nested JSON", async (t) => {
  const server = await startServer(t, { config });
  const odd = { "traits.website": "x", "traits.name.middle": "x", "traits.age.x": "y", website: "x" };
  for (const kind of ["form", "json"]) {
    const { status, body } = await signUp(server, {
      [kind]: { ...flat({ "traits.email": `${kind}@example.org` }), ...odd },
    });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.identity.traits, { email: `${kind}@example.org`, name: {} });
  }
  const nested = await signUp(server, {
    json: { method: "password", password, traits: { email: "nested@example.org", website: "x" } },
  });
  assert.deepEqual([nested.status, messageIds(nested.body)], [400, [4000001]]);
});

test("nested and dotted names may stand beside each other; what came nested is judged as it is", async (t) => {
  const server = await startServer(t, { config });
  const good = await signUp(server, {
    json: {
      method: "password",
      password,
      traits: { email: "a@example.org", name: { first: "Ada" } },
      "traits.name.last": "Lovelace",
      "traits.tos": "on",
    },
  });
  assert.equal(good.status, 200, JSON.stringify(good.body));
  assert.deepEqual(good.body.identity.traits, {
    email: "a@example.org",
    name: { first: "Ada", last: "Lovelace" },
    tos: true,
  });
  const wrong = await signUp(server, {
    json: { method: "password", password, traits: { email: "b@example.org", age: "0x24" }, "traits.tos": "1" },
  });
  assert.deepEqual([wrong.status, messageIds(wrong.body)], [400, [4000026]]);
  const group = await signUp(server, {
    json: flat({ "traits.name": { first: "Ada" }, "traits.email": "c@example.org" }),
  });
  assert.deepEqual(group.body.identity.traits, { email: "c@example.org", name: { first: "Ada" } });
  const nothing = await signUp(server, { json: flat({ traits: null, "traits.email": "d@example.org" }) });
  assert.equal(nothing.status, 200, JSON.stringify(nothing.body));
  for (const members of [
    { "traits.name": "x", "traits.name.first": "y" },
    { "traits.name.first": "y", "traits.name": "x" },
    { traits: { name: "x" }, "traits.name.first": "y" },
    { "traits.__proto__.admin": true, "traits.constructor.x": 1 },
  ]) {
    const { status } = await signUp(server, {
      json: flat({ "traits.email": `p${Math.random()}@example.org`, ...members }),
    });
    assert.equal(status, "traits.__proto__.admin" in members ? 200 : 400, JSON.stringify(members));
  }
});

test("what a page shows as a form it may send as JSON of the form's names, in each of the five flows", async (t) => {
  const flows = { recovery: { enabled: true }, verification: { enabled: true }, settings: { required_aal: "aal1" } };
  const methods = { code: { enabled: true }, link: { enabled: true }, lookup_secret: { enabled: true } };
  const server = await startServer(t, {
    config: {
      ...config,
      courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/" } },
      selfservice: { flows, methods },
    },
  });
  const { native } = server;
  const { body: done } = await signUp(server, { json: flat({}) });
  const headers = { authorization: `Bearer ${done.session_token}` };
  const submit = async (kind: string, json: object): Promise<{ status: number; body: Json }> => {
    const own = kind === "settings" ? { headers } : {};
    const { body: flow } = await native.get(`/self-service/${kind}/api`, own);
    return native.post(flow.ui.action, json, own);
  };
  const { body: settings } = await native.get("/self-service/settings/api", { headers });
  // As pages that make JSON of a form's state do: all inputs by their names, with values as they are shown, and those of the button.
  const state = Object.fromEntries(
    settings.ui.nodes
      .filter(
        ({ type, attributes, group }: Json) =>
          type === "input" && attributes.type !== "submit" && ["profile", "default"].includes(group),
      )
      .map(({ attributes }: Json) => [attributes.name, attributes.value ?? ""]),
  );
  const saved = await submit("settings", {
    ...state,
    method: "profile",
    "traits.tos": true,
    "traits.age": "37",
    "traits.name.last": "King",
    "transient_payload.from": "page",
  });
  assert.equal(saved.status, 200, JSON.stringify(saved.body));
  assert.deepEqual(saved.body.identity.traits, {
    email: "ada@example.org",
    tos: true,
    age: 37,
    name: { last: "King" },
  });
  const codes = await submit("settings", { method: "lookup_secret", lookup_secret_regenerate: "true" });
  assert.equal(codes.status, 200);

  for (const [kind, json] of [
    ["recovery", { method: "code", email: "ada@example.org", "transient_payload.x": 1, "traits.email": "" }],
    ["verification", { method: "code", email: "ada@example.org", "transient_payload.x": 1, resend: "" }],
  ] as const) {
    const { status, body } = await submit(kind, json);
    assert.deepEqual([status, body.state], [200, "sent_email"], `${kind}: ${JSON.stringify(body)}`);
  }
  const { body: flow } = await native.get("/self-service/login/api");
  const login = await native.post(flow.ui.action, {
    method: "password",
    identifier: "ada@example.org",
    password,
    "transient_payload.x": 1,
    "traits.email": "",
  });
  assert.equal(login.status, 200, JSON.stringify(login.body));
});

test("a transient payload comes by names, as JSON in a field, or nested", async (t) => {
  const heard: Json[] = [];
  const hooked = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += String(chunk);
    heard.push(JSON.parse(body));
    res.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await once(hooked, "listening");
  t.after(() => (hooked.closeAllConnections(), hooked.close()));
  const body = `base64://${Buffer.from("function(ctx) ctx.flow.transient_payload").toString("base64")}`;
  const hook = {
    hook: "web_hook",
    config: { url: `http://127.0.0.1:${(hooked.address() as AddressInfo).port}/`, method: "POST", body },
  };
  const server = await startServer(t, {
    config: { ...config, selfservice: { flows: { registration: { after: { password: { hooks: [hook] } } } } } },
  });
  const plain = (email: string) => ({ method: "password", password, "traits.email": email });
  for (const [at, options] of [
    { form: { ...plain("a@example.org"), "transient_payload.from": "ad" } },
    { form: { ...plain("b@example.org"), transient_payload: '{"from": "ad"}' } },
    { json: { ...plain("c@example.org"), "transient_payload.from": "ad" } },
    { json: { ...plain("d@example.org"), transient_payload: { from: "ad" } } },
    { json: { ...plain("e@example.org"), transient_payload: '{"from": "ad"}' } },
  ].entries()) {
    const { status, body: answer } = await signUp(server, options);
    assert.equal(status, 200, `${at}: ${JSON.stringify(answer)}`);
    assert.deepEqual(heard[at], { from: "ad" }, `${at}`);
  }
  assert.equal((await signUp(server, { form: { ...plain("f@example.org"), transient_payload: "" } })).status, 200);
  assert.equal((await signUp(server, { form: { ...plain("g@example.org"), transient_payload: "[1]" } })).status, 400);
});

test("a list for a trait without a type stays one, and a name that is a list and one of its items is refused", async (t) => {
  const open = {
    properties: {
      traits: { ...schema.properties.traits, properties: { ...schema.properties.traits.properties, anything: {} } },
    },
  };
  const server = await startServer(t, { config: { identity: { schemas: [{ id: "person", url: encoded(open) }] } } });
  for (const [at, anything] of [["a", "b"], ["a"], [{ a: 1 }, 2], "a"].entries()) {
    const { body } = await signUp(server, {
      json: flat({ "traits.email": `a${at}@example.org`, "traits.anything": anything }),
    });
    assert.deepEqual(body.identity?.traits.anything, anything, JSON.stringify(body));
  }
  const form = new URLSearchParams([
    ...Object.entries(flat({ "traits.email": "form@example.org" })),
    ["traits.anything", "a"],
    ["traits.anything", "b"],
  ] as [string, string][]);
  assert.deepEqual((await signUp(server, { form })).body.identity.traits.anything, ["a", "b"]);
  for (const list of [
    { "traits.tags": ["a"], "traits.tags.1": "b" },
    { "traits.tags.0": "a", "traits.tags": ["b"] },
  ]) {
    const { status, body } = await signUp(server, { json: flat(list) });
    assert.deepEqual([status, messageIds(body)], [400, [4000001]]);
  }
});

test("a whole number that would become another one is refused, and the next one that would not is kept", async (t) => {
  const server = await startServer(t, { config });
  const raw = (email: string, age: string, text = "") =>
    `{"method":"password","password":${JSON.stringify(password)},"traits":{"email":"${email}@example.org","age":${age},"tags":["${text}"]}}`;
  for (const age of ["9007199254740993", "-9007199254740993", "12345678901234567890", "1".repeat(300)]) {
    const { status, body } = await signUp(server, { raw: raw("refused", age) });
    assert.deepEqual([status, messageIds(body)], [400, [4000001]], age);
    assert.match(body.ui.messages[0].text, new RegExp(`The number ${age} `));
    const metadata = await server.admin("POST", "/admin/identities", {
      raw: `{"schema_id":"person","traits":{"email":"refused@example.org"},"metadata_public":{"n":[${age}]}}`,
    });
    assert.equal(metadata.status, 400, age);
    assert.match(metadata.body.error.message + metadata.body.error.reason, new RegExp(`The number ${age} `));
  }
  for (const [at, age] of ["9007199254740992", "9007199254740994", "100000000000000000000", "1e20", "1.0"].entries()) {
    const { status, body } = await signUp(server, { raw: raw(`kept${at}`, age, `\\"9007199254740993`) });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body.identity.traits.age, body.identity.traits.tags], [Number(age), ['"9007199254740993']]);
  }
});
