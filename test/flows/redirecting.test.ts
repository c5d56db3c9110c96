import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Answer, Client } from "../support/client.ts";
import { atOnce, nodeOf, submitIn } from "../support/person.ts";
import { withAcme } from "../support/redirecting-method.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";
import { makeTenant } from "../tenants/world.ts";

const config = {
  selfservice: {
    flows: { registration: { after: { oidc: { hooks: [{ hook: "session" }] } } } },
    methods: { oidc: { enabled: true } },
  },
};
const options = { strategies: withAcme, config };

/** Sends a single-page app's browser to Acme, which sends it back with this state. */
async function leave(app: Client, kind = "login"): Promise<string> {
  const away = await submitIn(app, kind, {
    provider: "acme",
    ...(kind === "registration" && { traits: { email: "typed@example.org" } }),
  });
  assert.equal(away.status, 422, JSON.stringify(away.body));
  return new URL(away.body.redirect_browser_to).searchParams.get("state")!;
}

const back = (client: Client, state: string, code: string, more = "") =>
  client.get(`/self-service/methods/oidc/callback/acme?state=${state}&code=${encodeURIComponent(code)}${more}`);

const whoami = async (client: Client) => (await client.get("/sessions/whoami", { accept: "application/json" })).body;

/** Somebody whom Acme knows, and nobody else yet. */
async function signUp(server: TestServer, email: string) {
  const app = server.spa();
  const { status, body } = await back(app, await leave(app), email);
  assert.equal(status, 200, JSON.stringify(body));
  return (await whoami(app)).identity.id as string;
}

onEachDatabase(
  "who comes back unknown is signed up, and signed in from then on: the session says by whom",
  async (server) => {
    const id = await signUp(server, "ada@example.org");
    const app = server.spa();
    assert.equal((await back(app, await leave(app), "ada@example.org")).status, 200);
    const session = await whoami(app);
    assert.equal(session.identity.id, id);
    const [{ completed_at: _, ...method }] = session.authentication_methods;
    assert.deepEqual(method, { method: "oidc", aal: "aal1", provider: "acme", upstream_amr: ["pwd"] });
  },
  options,
);

onEachDatabase(
  "a state is of use once, however many come back with it at the same moment",
  async (server) => {
    await signUp(server, "ada@example.org");
    const app = server.spa();
    const state = await leave(app);
    const before = [...app.cookies];
    const answers = await atOnce(8, () => back(app, state, "ada@example.org"));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array<number>(7).fill(403)]);
    for (const { status, body } of answers.filter((one) => one.status === 403))
      assert.equal(body.error.id, "security_csrf_violation", String(status));
    app.cookies.clear();
    for (const [name, value] of before) app.cookies.set(name, value);
    assert.equal((await back(app, state, "ada@example.org")).status, 403, "nor in a browser that is as it was before");
  },
  options,
);

test("a state is for the browser that was sent off, and the last one that the flow gave out", async (t) => {
  const server = await startServer(t, options);
  await signUp(server, "ada@example.org");
  const app = server.spa();
  const state = await leave(app);
  const other = server.spa();
  await leave(other);
  for (const stranger of [other, server.spa(), server.native])
    assert.equal((await back(stranger, state, "ada@example.org")).status, 403);
  assert.equal((await whoami(other)).error.code, 401);
  for (const made of ["", "x", `${state}x`, `${state.slice(0, -2)}${state.endsWith("AA") ? "BB" : "AA"}`])
    assert.equal((await back(app, made, "ada@example.org")).status, 400, made);

  const { body: flow } = await app.get("/self-service/login/browser");
  const submission = { provider: "acme", csrf_token: csrfTokenOf(flow) };
  const [first, second] = [await app.post(flow.ui.action, submission), await app.post(flow.ui.action, submission)].map(
    ({ body }) => new URL(body.redirect_browser_to).searchParams.get("state")!,
  );
  assert.equal((await back(app, first!, "ada@example.org")).status, 403, "an earlier one is of no more use");
  assert.equal((await back(app, second!, "ada@example.org")).status, 200);
});

test("a browser that navigates is led on, and to the form where the site had nothing good to say", async (t) => {
  const server = await startServer(t, options);
  const browser = server.browser();
  const begun = await browser.get("/self-service/login/browser");
  const id = new URL(begun.location!).searchParams.get("flow")!;
  const shown = async () =>
    (await browser.get(`/self-service/login/flows?id=${id}`, { accept: "application/json" })).body;
  const send = async () => {
    const { status, location } = await browser.send("POST", `/self-service/login?flow=${id}`, {
      form: { provider: "acme", csrf_token: csrfTokenOf(await shown()) },
    });
    assert.equal(status, 303);
    return new URL(location!).searchParams.get("state")!;
  };
  const refused = await back(browser, await send(), "", "&error=access_denied");
  assert.equal(refused.status, 303);
  assert.equal(refused.location, `http://app.example.org/login?flow=${id}`);
  assert.deepEqual(messageIds(await shown()), [4000001]);
  const passed = await back(browser, await send(), "ada@example.org");
  assert.deepEqual([passed.status, passed.location], [303, "http://app.example.org/"]);
});

test("who lacks something goes on in a form of registration, and does not leave again", async (t) => {
  const server = await startServer(t, options);
  const app = server.spa();
  const answer = await back(app, await leave(app), "no address");
  assert.equal(answer.status, 422, JSON.stringify(answer.body));
  const page = new URL(answer.body.redirect_browser_to);
  assert.equal(`${page.origin}${page.pathname}`, "http://app.example.org/registration");
  const { body: flow } = await app.get(`/self-service/registration/flows?id=${page.searchParams.get("flow")}`);
  assert.equal(nodeOf(flow, "traits.email").attributes.value, "no address");
  assert.equal(messageIds(flow).length, 1);
  const done = await app.post(flow.ui.action, {
    provider: "acme",
    traits: { email: "ada@example.org" },
    csrf_token: csrfTokenOf(flow),
  });
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.equal(done.body.identity.traits.email, "ada@example.org");
  const again = server.spa();
  assert.equal(
    (await back(again, await leave(again), "no address")).status,
    200,
    "Acme knows them by the name that it has for them",
  );
  assert.equal((await whoami(again)).identity.id, done.body.identity.id);
});

test("who wants to sign up and is known is signed in; who is new is signed up", async (t) => {
  const server = await startServer(t, options);
  const id = await signUp(server, "ada@example.org");
  const app = server.spa();
  assert.equal((await back(app, await leave(app, "registration"), "ada@example.org")).status, 200);
  assert.equal((await whoami(app)).identity.id, id);
  const other = server.spa();
  assert.equal((await back(other, await leave(other, "registration"), "bob@example.org")).status, 200);
  assert.equal((await whoami(other)).identity.traits.email, "bob@example.org");
});

test("what is in the way of the other kind of flow is told by its form", async (t) => {
  const server = await startServer(t, options);
  await server.createPerson({ email: "ada@example.org", password: "correct-horse-battery-9" });
  const formOf = async (app: Client, kind: string, { body }: Answer) => {
    const page = new URL(body.redirect_browser_to);
    assert.equal(`${page.origin}${page.pathname}`, `http://app.example.org/${kind}`);
    return (await app.get(`/self-service/${kind}/flows?id=${page.searchParams.get("flow")}`)).body;
  };
  const taken = server.spa();
  const conflict = await formOf(taken, "registration", await back(taken, await leave(taken), "ada@example.org"));
  assert.deepEqual(
    messageIds(conflict),
    [4000007],
    "the address has an account, which Acme has not shown to be theirs",
  );
  assert.equal((await whoami(taken)).error.code, 401);

  const id = await signUp(server, "bob@example.org");
  await server.admin("PATCH", `/admin/identities/${id}`, {
    json: [{ op: "replace", path: "/state", value: "inactive" }],
  });
  const app = server.spa();
  const disabled = await formOf(app, "login", await back(app, await leave(app, "registration"), "bob@example.org"));
  assert.deepEqual(messageIds(disabled), [4010011]);
});

test("who is signed in links an account elsewhere, and signs in by it from then on", async (t) => {
  const server = await startServer(t, options);
  const password = "correct-horse-battery-9";
  const { id } = await server.createPerson({ email: "ada@example.org", password });
  const app = server.spa();
  assert.equal(
    (await submitIn(app, "login", { method: "password", identifier: "ada@example.org", password })).status,
    200,
  );
  const { body: flow } = await app.get("/self-service/settings/browser");
  const away = await app.post(flow.ui.action, { link: "acme", csrf_token: csrfTokenOf(flow) });
  assert.equal(away.status, 422, JSON.stringify(away.body));
  const state = new URL(away.body.redirect_browser_to).searchParams.get("state")!;
  const stranger = server.spa();
  await submitIn(stranger, "login", { method: "password", identifier: "ada@example.org", password });
  assert.equal((await back(stranger, state, "ada at acme")).status, 403, "even their own other browser");
  assert.equal((await back(app, state, "ada at acme")).status, 200);
  const { body: done } = await app.get(`/self-service/settings/flows?id=${flow.id}`);
  assert.deepEqual([done.state, nodeOf(done, "link")], ["success", undefined]);
  const other = server.spa();
  assert.equal((await back(other, await leave(other), "ada at acme")).status, 200);
  assert.equal((await whoami(other)).identity.id, id);
});

test("nobody is signed up in passing where registration is switched off, nor by a flow that has run out", async (t) => {
  const server = await startServer(t, {
    ...options,
    config: { selfservice: { ...config.selfservice, flows: { registration: { enabled: false } } } },
  });
  const app = server.spa();
  const { status, body } = await back(app, await leave(app), "ada@example.org");
  assert.deepEqual([status, messageIds(body)], [400, [4000001]]);
  const state = await leave(app);
  server.advance(2 * 3_600_000);
  assert.equal((await back(app, state, "ada@example.org")).status, 410);
  const { body: people } = await server.admin("GET", "/admin/identities");
  assert.deepEqual(people, []);
});

test("a native flow is come back to by whoever opens its address, if a code says who gets the session", async (t) => {
  const server = await startServer(t, options);
  await signUp(server, "ada@example.org");
  const away = async (query: string) => {
    const { body: flow } = await server.native.get(`/self-service/login/api${query}`);
    const { body } = await server.native.post(flow.ui.action, { method: "oidc", provider: "acme" });
    return new URL(body.redirect_browser_to).searchParams.get("state")!;
  };
  assert.equal((await back(server.native, await away(""), "ada@example.org")).status, 403);
  const state = await away("?return_session_token_exchange_code=true");
  const { status, location } = await back(server.native, state, "ada@example.org");
  assert.deepEqual(
    [status, location?.split("=")[0]],
    [303, "http://app.example.org/?code"],
    "who opens it is not told the token",
  );
  assert.equal((await back(server.native, state, "ada@example.org")).status, 403);
});

test("a state of one tenant means nothing to another", async (t) => {
  const server = await startServer(t, options);
  const [acme, globex] = [await makeTenant(server, "acme"), await makeTenant(server, "globex")];
  const { body: flow } = await acme.get("/self-service/login/api?return_session_token_exchange_code=true");
  const { body } = await acme.post(flow.ui.action, { method: "oidc", provider: "acme" });
  const state = new URL(body.redirect_browser_to).searchParams.get("state")!;
  const path = `/self-service/methods/oidc/callback/acme?state=${state}&code=${encodeURIComponent("ada@example.org")}`;
  for (const other of [globex, server.native]) assert.equal((await other.get(path)).status, 400);
  assert.equal((await acme.get(path)).status, 303);
  assert.equal((await acme.admin("GET", "/admin/identities")).body.length, 1);
  assert.deepEqual((await globex.admin("GET", "/admin/identities")).body, []);
});
