import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";

const ada = { method: "password", password: "correct horse battery", traits: { email: "ada@example.org" } };

onEachDatabase("a person registers natively and is signed in", async (server) => {
  const { body: flow } = await server.native.get("/self-service/registration/api");
  const { status, body } = await server.native.post(flow.ui.action, { ...ada, traits: { ...ada.traits, age: 36 } });
  assert.equal(status, 200);
  assert.equal(body.identity.traits.age, 36);
  assert.equal(body.identity.verifiable_addresses[0].verified, false);
  assert.equal(body.continue_with.at(-1).action, "set_ory_session_token");
  const headers = { authorization: `Bearer ${body.session_token}` };
  assert.equal((await server.native.get("/sessions/whoami", { headers })).body.identity.id, body.identity.id);
});

onEachDatabase("an address belongs to one account, however it is written", async (server) => {
  await server.createPerson({ email: "ada@example.org", password: ada.password });
  for (const email of ["ada@example.org", "ADA@Example.org"]) {
    const { body: flow } = await server.native.get("/self-service/registration/api");
    const { status, body } = await server.native.post(flow.ui.action, { ...ada, traits: { email } });
    assert.equal(status, 400);
    assert.deepEqual(messageIds(body), [4000007]);
  }
  assert.equal((await server.admin("GET", "/admin/identities")).body.length, 1);
});

onEachDatabase("of many who take one address at once, one gets it", async (server) => {
  const flows = await Promise.all(Array.from({ length: 8 }, () => server.native.get("/self-service/registration/api")));
  const answers = await Promise.all(flows.map(({ body }) => server.native.post(body.ui.action, ada)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal((await server.admin("GET", "/admin/identities")).body.length, 1);
});

test("a form's text becomes what the schema says that it is", async (t) => {
  const server = await startServer(t);
  const browser = server.browser();
  const start = await browser.get("/self-service/registration/browser");
  const id = new URL(start.location!).searchParams.get("flow");
  const { body: flow } = await browser.get(`/self-service/registration/flows?id=${id}`, { accept: "application/json" });
  const form = new URLSearchParams({
    csrf_token: csrfTokenOf(flow),
    method: "password",
    password: ada.password,
    "traits.email": "ada@example.org",
    "traits.age": "36",
    "traits.name.first": "Ada",
  });
  form.append("traits.newsletter", "false");
  form.append("traits.newsletter", "true");
  const done = await browser.send("POST", flow.ui.action, { form });
  assert.equal(done.status, 303);
  const { body } = await browser.get("/sessions/whoami", { accept: "application/json" });
  assert.deepEqual(body.identity.traits, {
    email: "ada@example.org",
    age: 36,
    name: { first: "Ada" },
    newsletter: true,
  });
});

test("of a field that a form names twice the first that says anything counts, of a check box the last", async (t) => {
  const server = await startServer(t);
  const browser = server.browser();
  const start = await browser.get("/self-service/registration/browser");
  const { body: flow } = await browser.get(
    `/self-service/registration/flows?id=${new URL(start.location!).searchParams.get("flow")}`,
    { accept: "application/json" },
  );
  const form = new URLSearchParams({ csrf_token: csrfTokenOf(flow), "traits.email": "ada@example.org" });
  for (const [name, values] of Object.entries({
    method: ["", "password", "code"],
    password: ["", ada.password, "another"],
    "traits.newsletter": ["true", "false"],
  }))
    for (const value of values) form.append(name, value);
  assert.equal((await browser.send("POST", flow.ui.action, { form })).status, 303);
  const { body } = await browser.get("/sessions/whoami", { accept: "application/json" });
  assert.deepEqual([body.identity.traits.newsletter, body.authentication_methods[0].method], [false, "password"]);
  const { body: login } = await server.native.get("/self-service/login/api");
  assert.equal(
    (
      await server.native.post(login.ui.action, {
        method: "password",
        identifier: "ada@example.org",
        password: ada.password,
      })
    ).status,
    200,
  );
});

test("each trait is judged where it stands", async (t) => {
  const server = await startServer(t);
  const wrong: [Json, string, number][] = [
    [{}, "traits.email", 4000002],
    [{ email: "x" }, "traits.email", 4000040],
    [{ email: 7 }, "traits.email", 4000026],
    [{ email: "a@b.org", name: { first: "A" } }, "traits.name.first", 4000003],
    [{ email: "a@b.org", age: 12 }, "traits.age", 4000018],
    [{ email: "a@b.org", age: "old" }, "traits.age", 4000026],
    [{ email: "a@b.org", badge: "x" }, "traits.badge", 4000004],
    [{ email: "a@b.org", tags: ["a", "b", "c"] }, "traits.tags", 4000023],
    [{ email: "a@b.org", more: 1 }, "traits", 4000001],
  ];
  for (const [traits, name, id] of wrong) {
    const { body: flow } = await server.native.get("/self-service/registration/api");
    const { status, body } = await server.native.post(flow.ui.action, { ...ada, traits });
    assert.equal(status, 400);
    const node = body.ui.nodes.find((one: Json) => one.attributes.name === name);
    assert.equal(node?.messages[0]?.id, id, `${name}: ${JSON.stringify(body.ui.messages)}`);
  }
});

test("passwords are refused by length, by likeness, and if everybody tries them first", async (t) => {
  const server = await startServer(t);
  const refused: [string, number][] = [
    ["1234567", 4000032],
    ["🐴🐴🐴🐴🐴🐴🐴", 4000032],
    ["ada@example.org", 4000031],
    ["password123", 4000005],
    ["", 4000002],
  ];
  for (const [password, id] of refused) {
    const { body: flow } = await server.native.get("/self-service/registration/api");
    const { body } = await server.native.post(flow.ui.action, { ...ada, password });
    assert.deepEqual(messageIds(body), [id], password);
    if (password) assert.ok(!JSON.stringify(body).includes(`"${password}"`) || password === "ada@example.org");
  }
});

test("both spellings of a composed letter open the account", async (t) => {
  const server = await startServer(t);
  const { body: flow } = await server.native.get("/self-service/registration/api");
  await server.native.post(flow.ui.action, { ...ada, password: "caf\u00e9 au lait" });
  for (const password of ["caf\u00e9 au lait", "cafe\u0301 au lait"]) {
    const { body: login } = await server.native.get("/self-service/login/api");
    const { status } = await server.native.post(login.ui.action, {
      method: "password",
      identifier: "ada@example.org",
      password,
    });
    assert.equal(status, 200);
  }
});

test("sign-up in steps keeps the profile while the credential is chosen, and leads back", async (t) => {
  const server = await startServer(t, {
    config: { selfservice: { flows: { registration: { style: "profile_first" } } } },
  });
  const { body: flow } = await server.native.get("/self-service/registration/api");
  const chosen = await server.native.post(flow.ui.action, { method: "profile", traits: ada.traits });
  assert.equal(chosen.status, 400);
  assert.deepEqual(messageIds(chosen.body), [1040009]);
  const email = (form: Json) => form.ui.nodes.find((node: Json) => node.attributes.name === "traits.email").attributes;
  assert.equal(email(chosen.body).type, "hidden");
  const again = await server.native.post(flow.ui.action, { method: "profile", screen: "previous", traits: ada.traits });
  assert.equal(email(again.body).type, "email");
  await server.native.post(flow.ui.action, { method: "profile", traits: ada.traits });
  assert.equal((await server.native.post(flow.ui.action, ada)).status, 200);
});

test("where it is configured, whoever signs up again learns how they signed up before", async (t) => {
  const registration = { login_hints: true };
  const tell = async (config: ConfigTree) => {
    const server = await startServer(t, { config: { ...config, selfservice: { flows: { registration } } } });
    await server.createPerson({ email: "ada@example.org", password: ada.password });
    const { body: flow } = await server.native.get("/self-service/registration/api");
    return (await server.native.post(flow.ui.action, { ...ada, traits: { email: "ADA@example.org" } })).body.ui
      .messages;
  };
  const [hint] = await tell({});
  assert.equal(hint.id, 4000028);
  const known = {
    available_credential_types: ["password"],
    available_oidc_providers: [],
    credential_identifier_hint: "ada@example.org",
  };
  assert.deepEqual(hint.context, known);
  const [silent] = await tell({ security: { account_enumeration: { mitigate: true } } });
  assert.equal(silent.id, 4000007);
});

test("digits may come as a number where a form asks for text", async (t) => {
  const server = await startServer(t);
  const { body: flow } = await server.native.get("/self-service/registration/api");
  const { status } = await server.native.post(flow.ui.action, { ...ada, password: 7_301_948_826_115 });
  assert.equal(status, 200);
  const { body: login } = await server.native.get("/self-service/login/api");
  const answer = { method: "password", identifier: ada.traits.email, password: "7301948826115" };
  assert.equal((await server.native.post(login.ui.action, answer)).status, 200);
});

test("registration can be switched off", async (t) => {
  const server = await startServer(t, { config: { selfservice: { flows: { registration: { enabled: false } } } } });
  const { status, body } = await server.native.get("/self-service/registration/api");
  assert.equal(status, 400);
  assert.equal(body.error.id, "self_service_flow_disabled");
});

test("browsers are sent back only where the configuration says", async (t) => {
  const server = await startServer(t);
  const ask = (to: string) => server.spa().get(`/self-service/login/browser?return_to=${encodeURIComponent(to)}`);
  for (const to of ["http://app.example.org/x", "/relative", "http://id.example.org/self-service/settings/browser"])
    assert.equal((await ask(to)).status, 200, to);
  const evil = [
    "http://evil.example/",
    "https://app.example.org/",
    "http://app.example.org@evil.example/",
    "http://app.example.org.evil.example/",
    "//evil.example/",
    "javascript:alert(1)",
    "http://app.example.org:81/",
    "\\\\evil.example",
  ];
  for (const to of evil) assert.equal((await ask(to)).body.error?.id, "self_service_flow_return_to_forbidden", to);
});
