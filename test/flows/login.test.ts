import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import { runSql } from "../support/run-sql.ts";

const ada = { email: "ada@example.org", password: "correct horse battery" };
const answer = { method: "password", identifier: ada.email, password: ada.password };

onEachDatabase("a person signs in natively, is known by the token, and signs out", async (server) => {
  const person = await server.createPerson(ada);
  const flow = await server.native.get("/self-service/login/api");
  const signedIn = await server.native.post(flow.body.ui.action, answer);
  assert.equal(signedIn.status, 200);
  assert.match(signedIn.body.session_token, /^ory_st_[A-Za-z0-9]{32}$/);
  assert.equal(signedIn.body.session.identity.id, person.id);
  assert.deepEqual(signedIn.headers.getSetCookie(), [], "a native client gets no cookie");
  assert.match(signedIn.headers.get("cache-control") ?? "", /no-store/);

  const headers = { "x-session-token": signedIn.body.session_token };
  const whoami = await server.native.get("/sessions/whoami", { headers });
  assert.equal(whoami.status, 200);
  assert.equal(whoami.body.identity.traits.email, ada.email);
  assert.equal(whoami.headers.get("x-kratos-authenticated-identity-id"), person.id);

  const bye = { json: { session_token: signedIn.body.session_token } };
  assert.equal((await server.native.delete("/self-service/logout/api", bye)).status, 204);
  assert.equal((await server.native.get("/sessions/whoami", { headers })).status, 401);
});

test("a native client reads what is wrong, whatever it says that it accepts and sends", async (t) => {
  const server = await startServer(t);
  const { body: flow } = await server.native.get("/self-service/login/api");
  const form = { method: "password", identifier: ada.email, password: "not the right one" };
  for (const body of [{ form }, { json: form, headers: { "content-type": "application/json; charset=utf-8" } }]) {
    const headers = { accept: "*/*", ...body.headers };
    const refused = await server.native.send("POST", flow.ui.action, { ...body, headers });
    assert.equal(refused.status, 400);
    assert.deepEqual(messageIds(refused.body), [4000006]);
  }
});

onEachDatabase("a person signs in and out in a single-page app, by cookie", async (server) => {
  await server.createPerson(ada);
  const app = server.spa();
  const flow = await app.get("/self-service/login/browser");
  const signedIn = await app.post(flow.body.ui.action, { ...answer, csrf_token: csrfTokenOf(flow.body) });
  assert.equal(signedIn.status, 200);
  assert.equal(signedIn.body.session_token, undefined, "a browser's token is in the cookie alone");
  assert.match(signedIn.headers.get("cache-control") ?? "", /no-store/);
  assert.equal((await app.get("/sessions/whoami")).status, 200);

  const logout = await app.get("/self-service/logout/browser");
  assert.equal((await app.send("HEAD", logout.body.logout_url)).status, 400);
  assert.equal((await app.get(logout.body.logout_url, { headers: { "sec-purpose": "prefetch" } })).status, 400);
  assert.equal((await app.get("/sessions/whoami")).status, 200, "whoever only looks at the link signs nobody out");
  assert.equal((await app.get(logout.body.logout_url)).status, 204);
  assert.equal((await app.get("/sessions/whoami")).status, 401);
});

onEachDatabase("a browser is led through sign-in by redirects alone", async (server) => {
  await server.createPerson(ada);
  const browser = server.browser();
  const start = await browser.get("/self-service/login/browser?return_to=http%3A%2F%2Fapp.example.org%2Finside");
  assert.equal(start.status, 303);
  const page = new URL(start.location!);
  assert.equal(page.origin + page.pathname, "http://app.example.org/login");
  const id = page.searchParams.get("flow");
  const flow = await browser.get(`/self-service/login/flows?id=${id}`, { accept: "application/json" });
  const csrf_token = csrfTokenOf(flow.body);

  const wrong = await browser.send("POST", flow.body.ui.action, { form: { ...answer, password: "wrong", csrf_token } });
  assert.equal(wrong.status, 303);
  assert.equal(wrong.location, start.location);
  const told = await browser.get(`/self-service/login/flows?id=${id}`, { accept: "application/json" });
  assert.deepEqual(messageIds(told.body), [4000006]);

  const right = await browser.send("POST", flow.body.ui.action, { form: { ...answer, csrf_token } });
  assert.equal(right.status, 303);
  assert.equal(right.location, "http://app.example.org/inside");
  assert.equal((await browser.get("/sessions/whoami", { accept: "application/json" })).status, 200);
});

test("an unknown identifier and a wrong password are answered alike", async (t) => {
  const server = await startServer(t);
  await server.createPerson(ada);
  const submit = async (changes: object) => {
    const flow = await server.native.get("/self-service/login/api");
    return server.native.post(flow.body.ui.action, { ...answer, ...changes });
  };
  const unknown = await submit({ identifier: "eve@example.org" });
  const wrong = await submit({ password: "wrong horse battery" });
  assert.equal(unknown.status, 400);
  assert.deepEqual(unknown.body.ui.messages, wrong.body.ui.messages);
});

test("what is missing is said at its field, and the password never comes back", async (t) => {
  const server = await startServer(t);
  const flow = await server.native.get("/self-service/login/api");
  const { status, body } = await server.native.post(flow.body.ui.action, {
    method: "password",
    password: ada.password,
  });
  assert.equal(status, 400);
  const identifier = body.ui.nodes.find(
    (node: { attributes: { name: string } }) => node.attributes.name === "identifier",
  );
  assert.deepEqual(identifier.messages[0].context, { property: "identifier" });
  assert.ok(!JSON.stringify(body).includes(ada.password));
});

test("a flow does not outlive its lifespan, and names the one that takes its place", async (t) => {
  const server = await startServer(t);
  const flow = await server.native.get("/self-service/login/api");
  server.advance(3_600_001);
  const { status, body } = await server.native.post(flow.body.ui.action, answer);
  assert.equal(status, 410);
  assert.equal(body.error.id, "self_service_flow_expired");
  const next = await server.native.get(`/self-service/login/flows?id=${body.use_flow_id}`);
  assert.deepEqual(messageIds(next.body), [4010001]);
});

test("a browser's form is refused without its token, with another's, and from another site", async (t) => {
  const server = await startServer(t);
  await server.createPerson(ada);
  const app = server.spa();
  const flow = await app.get("/self-service/login/browser");
  const csrf_token = csrfTokenOf(flow.body);
  const other = csrfTokenOf((await server.spa().get("/self-service/login/browser")).body);
  const refused = [
    await app.post(flow.body.ui.action, answer),
    await app.post(flow.body.ui.action, { ...answer, csrf_token: other }),
    await server.spa().post(flow.body.ui.action, { ...answer, csrf_token }),
    await app.post(
      flow.body.ui.action,
      { ...answer, csrf_token },
      {
        headers: { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
      },
    ),
  ];
  for (const { status, body } of refused) {
    assert.equal(status, 403);
    assert.equal(body.error.id, "security_csrf_violation");
  }
  assert.equal((await app.post(flow.body.ui.action, { ...answer, csrf_token })).status, 200);
});

test("a form may come from another site that the configuration names, by a wildcard too", async (t) => {
  const cors = { enabled: true, allowed_origins: ["https://*.shop.example.org", "*"] };
  const selfservice = {
    allowed_return_urls: ["https://*.paper.example.org/news", "https://press.example.org/", "press://home"],
  };
  const server = await startServer(t, { config: { serve: { public: { cors } }, selfservice } });
  await server.createPerson(ada);
  const statusFrom = async (origin: string) => {
    const app = server.spa();
    const flow = await app.get("/self-service/login/browser");
    const headers = { "sec-fetch-site": "cross-site", origin };
    return (await app.post(flow.body.ui.action, { ...answer, csrf_token: csrfTokenOf(flow.body) }, { headers })).status;
  };
  for (const origin of ["https://a.shop.example.org", "https://b.paper.example.org", "https://press.example.org"])
    assert.equal(await statusFrom(origin), 200, origin);
  const strangers = [
    "https://shop.example.org",
    "http://a.shop.example.org",
    "https://a.shop.example.org.evil.example",
    "https://a.press.example.org",
    "https://evil.example",
    "null",
  ];
  for (const origin of strangers) assert.equal(await statusFrom(origin), 403, origin);
});

test("a native flow is refused to browsers", async (t) => {
  const server = await startServer(t);
  const flow = await server.native.get("/self-service/login/api");
  for (const headers of [{ cookie: "a=b" }, { origin: "http://app.example.org" }] as Record<string, string>[]) {
    const { status, body } = await server.native.post(flow.body.ui.action, answer, { headers });
    assert.equal(status, 400);
    assert.deepEqual(messageIds(body), [4000001]);
  }
});

test("a disabled account is told so only to whoever knows its password", async (t) => {
  const server = await startServer(t);
  const person = await server.createPerson(ada);
  await server.admin("PATCH", `/admin/identities/${person.id}`, {
    json: [{ op: "replace", path: "/state", value: "inactive" }],
  });
  const flow = await server.native.get("/self-service/login/api");
  assert.deepEqual(
    messageIds((await server.native.post(flow.body.ui.action, { ...answer, password: "x" })).body),
    [4000006],
  );
  const { body } = await server.native.post(flow.body.ui.action, answer);
  assert.deepEqual([body.active, messageIds(body)], ["password", [4010011]]);
});

test("bodies that nobody understands are answered with the form, and lose nothing", async (t) => {
  const server = await startServer(t);
  await server.createPerson(ada);
  const { body: flow } = await server.native.get("/self-service/login/api");
  const strange = [
    { raw: "{" },
    { raw: "[]" },
    { raw: '{"method":"password","method":"totp"}' },
    { raw: '{"method":"password","identifier":"a\\u0000","password":"b"}' },
    { raw: "x", headers: { "content-type": "text/plain" } },
    { json: { method: "smoke-signal" } },
  ];
  for (const options of strange) {
    const { status, body } = await server.native.send("POST", flow.ui.action, options);
    assert.equal(status, 400, JSON.stringify(options));
    assert.equal(body.id, flow.id);
  }
  assert.equal((await server.native.post(flow.ui.action, answer)).status, 200);
});

test("sign-in in steps asks who first, then shows what this person can sign in with", async (t) => {
  const server = await startServer(t, { config: { selfservice: { flows: { login: { style: "identifier_first" } } } } });
  await server.createPerson(ada);
  const { body: flow } = await server.native.get("/self-service/login/api");
  const nobody = await server.native.post(flow.ui.action, {
    method: "identifier_first",
    identifier: "eve@example.org",
  });
  assert.deepEqual(messageIds(nobody.body), [4000037]);
  const next = await server.native.post(flow.ui.action, { method: "identifier_first", identifier: ada.email });
  assert.equal(next.status, 400);
  const names = next.body.ui.nodes.map((node: { attributes: { name: string } }) => node.attributes.name);
  assert.ok(names.includes("password"));
  assert.equal((await server.native.post(flow.ui.action, answer)).status, 200);
});

test("who has nothing that signs them in is told as little as who has no account", async (t) => {
  const flows = { login: { style: "identifier_first" } };
  const server = await startServer(t, {
    config: { selfservice: { flows, methods: { code: { enabled: true, mfa_enabled: true } } } },
  });
  await server.admin("POST", "/admin/identities", { json: { schema_id: "person", traits: { email: ada.email } } });
  const { body: flow } = await server.native.get("/self-service/login/api");
  const { body } = await server.native.post(flow.ui.action, { method: "identifier_first", identifier: ada.email });
  assert.deepEqual(messageIds(body), [4000037]);
});

test("a form in one page takes no first step", async (t) => {
  const server = await startServer(t);
  const { body: flow } = await server.native.get("/self-service/login/api");
  const { status, body } = await server.native.post(flow.ui.action, {
    method: "identifier_first",
    identifier: ada.email,
  });
  assert.equal(status, 400);
  assert.deepEqual(messageIds(body), [4010002]);
});

test("a session token is stored as a hash", async (t) => {
  const server = await startServer(t);
  await server.createPerson(ada);
  const { body: flow } = await server.native.get("/self-service/login/api");
  const { body } = await server.native.post(flow.ui.action, answer);
  const rows = await runSql(server.app.db, "select * from sessions");
  assert.ok(!JSON.stringify(rows).includes(body.session_token));
});
