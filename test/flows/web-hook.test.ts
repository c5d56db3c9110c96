import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import type { TestContext } from "node:test";
import type { Answer, Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { hook, startTarget } from "../support/hook-target.ts";
import type { Called } from "../support/hook-target.ts";
import { begin, password, signedIn, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";

const withHooks = (t: TestContext, flows: ConfigTree, more: ConfigTree = {}): Promise<TestServer> =>
  startServer(t, { config: { selfservice: { flows }, ...more } });

async function signUp(server: TestServer, more: Json = {}): Promise<Answer> {
  const { body: flow } = await server.native.get("/self-service/registration/api");
  return server.native.post(flow.ui.action, { method: "password", password, traits: { email }, ...more });
}

async function signIn(server: TestServer): Promise<Answer> {
  const { body: flow } = await server.native.get("/self-service/login/api");
  return server.native.post(flow.ui.action, { method: "password", identifier: email, password });
}

test("a hook after the sign-in is told of all that happened, and nothing secret", async (t) => {
  const { called, url } = await startTarget(t);
  const auth = { type: "basic_auth", config: { user: "me", password: "it" } };
  const server = await withHooks(t, {
    login: { after: { hooks: [hook(url, { auth, headers: { "X-Tenant": "one" } })] } },
  });
  const { id } = await server.createPerson({ email, password });
  assert.equal((await signIn(server)).status, 200);
  const [{ headers, body }] = called as [Called];
  assert.equal(headers.authorization, `Basic ${Buffer.from("me:it").toString("base64")}`);
  assert.deepEqual([headers["content-type"], headers["x-tenant"]], ["application/json", "one"]);
  assert.match(String(headers["ory-webhook-request-id"]), /^[0-9a-f-]{36}$/);
  const told: Json = JSON.parse(body);
  assert.deepEqual(
    [told.flow.type, told.identity.id, told.session.authentication_methods[0].method],
    ["api", id, "password"],
  );
  assert.equal(told.request_method, "POST");
  assert.match(told.request_url, /\/self-service\/login\?flow=/);
  assert.deepEqual(told.request_headers["Content-Type"], ["application/json"]);
  assert.equal(body.includes(password), false);
});

test("only the headers of the list are told", async (t) => {
  const { called, url } = await startTarget(t);
  const server = await withHooks(
    t,
    { login: { before: { hooks: [hook(url)] } } },
    { clients: { web_hook: { header_allowlist: ["x-Told"] } } },
  );
  await server.native.get("/self-service/login/api", {
    headers: { "x-told": "yes", "x-kept": "no", cookie: "theme=dark" },
  });
  const told: Json = JSON.parse(called[0]!.body);
  assert.deepEqual(
    [told.request_headers, told.request_cookies, told.request_method],
    [{ "X-Told": ["yes"] }, { theme: "dark" }, "GET"],
  );
  assert.deepEqual([told.identity, told.session], [undefined, undefined]);
});

test("a hook changes the account before it is written, and is held to the schema", async (t) => {
  const { called, url } = await startTarget(t, [
    {
      status: 200,
      body: { identity: { metadata_public: { plan: "free" }, metadata_admin: { by: "hook" }, external_id: "crm-7" } },
    },
    { status: 200, body: { identity: { traits: { email: "no address" } } } },
    { status: 200, body: "not json" },
  ]);
  const hooks = [hook(url, { response: { parse: true } })];
  const server = await withHooks(t, { registration: { after: { password: { hooks } } } });
  const { status, body } = await signUp(server, { transient_payload: { from: "ad" } });
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.identity.metadata_public, { plan: "free" });
  assert.equal(JSON.parse(called[0]!.body).flow.transient_payload.from, "ad");
  const { body: stored } = await server.admin("GET", `/admin/identities/${body.identity.id}`);
  assert.deepEqual([stored.metadata_admin, stored.external_id], [{ by: "hook" }, "crm-7"]);
  for (const other of ["bea@example.org", "cleo@example.org"]) {
    const refused = await signUp(server, { traits: { email: other } });
    assert.equal(refused.status, 502, JSON.stringify(refused.body));
  }
  assert.equal((await server.admin("GET", "/admin/identities")).body.length, 1);
});

test("a hook says no in the form, and nothing is written", async (t) => {
  const messages = [
    {
      instance_ptr: "#/traits/email",
      messages: [{ id: 4321, text: "Not from here.", type: "error", context: { why: "list" } }],
    },
  ];
  const { url } = await startTarget(t, [
    { status: 403, body: { messages } },
    { status: 403, body: {} },
  ]);
  const server = await withHooks(t, {
    registration: { after: { password: { hooks: [hook(url, { can_interrupt: true })] } } },
  });
  const { status, body } = await signUp(server);
  assert.equal(status, 400);
  const node = body.ui.nodes.find(({ attributes }: Json) => attributes.name === "traits.email");
  assert.deepEqual(node.messages, messages[0]!.messages);
  assert.equal((await signUp(server)).status, 502, "a refusal without a word");
  assert.equal((await server.admin("GET", "/admin/identities")).body.length, 0);
});

test("a hook that fails stops the flow, after three tries where the server is at fault", async (t) => {
  for (const [status, calls] of [
    [400, 1],
    [500, 3],
  ] as const) {
    const { called, url } = await startTarget(t, [{ status }]);
    const server = await withHooks(t, { login: { after: { hooks: [hook(url)] } } });
    await server.createPerson({ email, password });
    const answer = await signIn(server);
    assert.deepEqual([answer.status, called.length], [502, calls]);
    assert.doesNotMatch(
      JSON.stringify(answer.body),
      /127\.0\.0\.1:\d+\/hook|"reason":"[^"]*127\.0/,
      "where the hook is concerns nobody",
    );
    assert.equal((await server.admin("GET", "/admin/sessions")).body.length, 0, "nobody is signed in");
  }
});

test("an answer that is ignored is not waited for", async (t) => {
  const { called, url } = await startTarget(t, [{ status: 400 }]);
  const server = await withHooks(t, { login: { after: { hooks: [hook(url, { response: { ignore: true } })] } } });
  await server.createPerson({ email, password });
  assert.equal((await signIn(server)).status, 200);
  while (called.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("a program cancels the call, makes a form of it, or is found to be wrong", async (t) => {
  const { called, url } = await startTarget(t);
  const form = { headers: { "Content-Type": "application/x-www-form-urlencoded" } };
  for (const [config, program, status, body] of [
    [{}, "function(ctx) error 'cancel'", 200, undefined],
    [form, "function(ctx) { who: ctx.identity.traits.email, 'a b': '&' }", 200, "a+b=%26&who=ada%40example.org"],
    [form, "function(ctx) { n: 1 }", 500, undefined],
    [{}, "function(ctx) ctx.absent", 500, undefined],
    [{}, "function(ctx) {", 500, undefined],
  ] as const) {
    called.length = 0;
    const server = await withHooks(t, { login: { after: { hooks: [hook(url, config, program)] } } });
    await server.createPerson({ email, password });
    assert.equal((await signIn(server)).status, status, program);
    assert.equal(called[0]?.body, body, program);
  }
});

test("a hook has its say in a change of the profile", async (t) => {
  const messages = [{ messages: [{ id: 77, text: "Not today.", type: "error" }] }];
  const { called, url } = await startTarget(t, [
    { status: 400, body: { messages } },
    { status: 200, body: { identity: { metadata_public: { seen: true } } } },
  ]);
  const server = await withHooks(t, {
    settings: { after: { profile: { hooks: [hook(url, { response: { parse: true } })] } } },
  });
  const { headers } = await signedIn(server, email);
  const flow = await begin(server, "settings", headers);
  const change = { method: "profile", traits: { email } };
  const refused = await submit(server, flow, change, headers);
  assert.deepEqual([refused.status, refused.body.ui.messages[0].id], [400, 77]);
  const { status, body } = await submit(server, flow, change, headers);
  assert.deepEqual([status, body.state, body.identity.metadata_public], [200, "success", { seen: true }]);
  assert.ok(JSON.parse(called[1]!.body).session.id);
});

test("private addresses are kept out of reach of hooks, too", async (t) => {
  const { called, url } = await startTarget(t);
  const server = await withHooks(
    t,
    { login: { after: { hooks: [hook(url)] } } },
    { clients: { http: { disallow_private_ip_ranges: true } } },
  );
  await server.createPerson({ email, password });
  assert.deepEqual([(await signIn(server)).status, called.length], [502, 0]);
});

test("a hook with secrets is signed by all of them, as Standard Webhooks has it", async (t) => {
  const { called, url } = await startTarget(t);
  const secrets = [7, 8].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);
  const flows = { login: { before: { hooks: [hook(url, { secrets })] } } };
  const server = await startServer(t, { config: { selfservice: { flows } } });
  assert.equal((await server.native.get("/self-service/login/api")).status, 200);
  const [{ headers, body }] = called as [(typeof called)[number]];
  for (const secret of secrets)
    assert.deepEqual(new Webhook(secret).verify(body, headers as Record<string, string>), JSON.parse(body));
  assert.equal(headers["webhook-id"], headers["ory-webhook-request-id"]);
});
