import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Client, Json } from "../support/client.ts";
import { mergeTrees, personSchema } from "../support/config.ts";
import {
  addPasskey,
  begin,
  keyConfig,
  newAuthenticator,
  signUpWithKey,
  signUpWithPasskey,
  submit,
  valueOf,
} from "../support/keys.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const password = "correct-horse-battery-9";
const hour = 3_600_000;

async function signIn(client: Client, email: string, secret = password): Promise<Json> {
  const { body: flow } = await client.get("/self-service/login/browser", { accept: "application/json" });
  return client.post(
    new URL(flow.ui.action).pathname + new URL(flow.ui.action).search,
    {
      method: "password",
      identifier: email,
      password: secret,
      csrf_token: csrfTokenOf(flow),
    },
    { accept: "application/json" },
  );
}

async function nativeToken(server: TestServer, email: string): Promise<string> {
  const { body: flow } = await server.native.get("/self-service/login/api");
  const answer = await server.native.post(`/self-service/login?flow=${flow.id}`, {
    method: "password",
    identifier: email,
    password,
  });
  assert.equal(answer.status, 200);
  return answer.body.session_token;
}

const whoami = (client: Client) => client.get("/sessions/whoami", { accept: "application/json" });

onEachDatabase(
  "a native client changes the profile; names and addresses change along, and have to be verified anew",
  async (server) => {
    const person = {
      schema_id: "person",
      traits: { email: "pat@example.org" },
      credentials: { password: { config: { password } } },
    };
    const done = { value: "pat@example.org", via: "email", verified: true, status: "completed" };
    const { body: made } = await server.adminClient.post("/admin/identities", {
      ...person,
      verifiable_addresses: [done],
    });
    assert.equal(made.verifiable_addresses[0].verified, true);
    const headers = { "x-session-token": await nativeToken(server, "pat@example.org") };

    const { body: flow } = await server.native.get("/self-service/settings/api", { headers });
    assert.equal(flow.state, "show_form");
    assert.equal(flow.identity.traits.email, "pat@example.org");
    assert.equal(valueOf(flow, "traits.email"), "pat@example.org");
    const change = (traits: object) =>
      server.native.post(`/self-service/settings?flow=${flow.id}`, { method: "profile", traits }, { headers });
    const stored = async () => {
      const { body } = await server.admin("GET", `/admin/identities/${made.id}?include_credential=password`);
      return {
        names: body.credentials.password.identifiers,
        verifiable: body.verifiable_addresses.map(({ value, verified, status }: Json) => [value, verified, status]),
        recovery: body.recovery_addresses.map(({ value }: Json) => value),
      };
    };

    const wrong = await change({ email: "no address" });
    assert.equal(wrong.status, 400);
    assert.equal(valueOf(wrong.body, "traits.email"), "no address");
    assert.equal((await change({ email: "pat@example.org", name: { first: "Pat" } })).status, 200);
    assert.deepEqual((await stored()).verifiable, [["pat@example.org", true, "completed"]], "what stays is as it was");

    const right = await change({ email: "pat@new.example" });
    assert.equal(right.status, 200);
    assert.equal(right.body.state, "success");
    assert.deepEqual(messageIds(right.body), [1050001]);
    assert.deepEqual(await stored(), {
      names: ["pat@new.example"],
      verifiable: [["pat@new.example", false, "pending"]],
      recovery: ["pat@new.example"],
    });

    const spa = server.spa();
    assert.equal((await signIn(spa, "pat@example.org")).status, 400);
    assert.equal((await signIn(spa, "pat@new.example")).status, 200);
    await server.createPerson({ email: "pat@example.org", password });
  },
);

onEachDatabase("nobody takes the address of somebody else", async (server) => {
  await server.createPerson({ email: "one@example.org", password });
  await server.createPerson({ email: "two@example.org", password });
  const headers = { "x-session-token": await nativeToken(server, "one@example.org") };
  const { body: flow } = await server.native.get("/self-service/settings/api", { headers });
  const taken = await server.native.post(
    `/self-service/settings?flow=${flow.id}`,
    { method: "profile", traits: { email: "two@example.org" } },
    { headers },
  );
  assert.equal(taken.status, 400);
  assert.deepEqual(messageIds(taken.body), [4000007]);
  const { body } = await server.native.get("/sessions/whoami", { headers });
  assert.equal(body.identity.traits.email, "one@example.org");
});

onEachDatabase(
  "another password ends the other sessions in the same stroke, and the browser gets another token",
  async (server) => {
    await server.createPerson({ email: "pat@example.org", password });
    const [here, there] = [server.spa(), server.spa()];
    await signIn(here, "pat@example.org");
    await signIn(there, "pat@example.org");
    const before = here.cookies.get("ory_kratos_session")!;

    const { body: flow } = await here.get("/self-service/settings/browser");
    const submit = (secret: string) =>
      here.post(`/self-service/settings?flow=${flow.id}`, {
        method: "password",
        password: secret,
        csrf_token: csrfTokenOf(flow),
      });
    assert.deepEqual(messageIds((await submit("")).body), [4000002]);
    assert.deepEqual(messageIds((await submit("short")).body), [4000032]);
    assert.deepEqual(messageIds((await submit(password)).body), [4000039]);
    const done = await submit("another-horse-battery-9");
    assert.equal(done.status, 200);
    assert.equal(done.body.continue_with[0].action, "redirect_browser_to");

    assert.equal((await whoami(here)).status, 200);
    assert.equal((await whoami(there)).status, 401);
    const stale = await server.native.get("/sessions/whoami", { headers: { cookie: `ory_kratos_session=${before}` } });
    assert.equal(stale.status, 401, "the old token is worth nothing");
    assert.equal((await signIn(server.spa(), "pat@example.org")).status, 400);
    assert.equal((await signIn(server.spa(), "pat@example.org", "another-horse-battery-9")).status, 200);
  },
  {
    config: {
      selfservice: { flows: { settings: { after: { password: { hooks: [{ hook: "revoke_active_sessions" }] } } } } },
    },
  },
);

test("an old session changes nothing that matters until its owner has confirmed who they are; then it goes on by itself", async (t) => {
  const server = await startServer(t, {
    config: { session: { lifespan: "72h" }, selfservice: { flows: { settings: { lifespan: "4h" } } } },
  });
  await server.createPerson({ email: "pat@example.org", password });
  const html = server.browser();
  assert.equal((await signIn(html, "pat@example.org")).status, 200);
  server.advance(2 * hour);
  const { location } = await html.get("/self-service/settings/browser");
  const id = new URL(location!).searchParams.get("flow")!;
  const { body: flow } = await html.get(`/self-service/settings/flows?id=${id}`, { accept: "application/json" });

  const spa = await html.post(
    `/self-service/settings?flow=${id}`,
    { method: "password", password: "x-y-z-another-9", csrf_token: csrfTokenOf(flow) },
    { accept: "application/json" },
  );
  assert.equal(spa.status, 403);
  assert.equal(spa.body.error.id, "session_refresh_required");

  const form = { method: "profile", "traits.email": "pat@moved.example", csrf_token: csrfTokenOf(flow) };
  const asked = await html.send("POST", `/self-service/settings?flow=${id}`, { form });
  assert.equal(asked.status, 303);
  assert.match(asked.location!, /login\/browser\?refresh=true&return_to=/);

  const confirm = await html.get(asked.location!);
  const { body: login } = await html.get(
    `/self-service/login/flows?id=${new URL(confirm.location!).searchParams.get("flow")}`,
    { accept: "application/json" },
  );
  const back = await html.send("POST", login.ui.action, {
    form: { method: "password", identifier: "pat@example.org", password, csrf_token: csrfTokenOf(login) },
  });
  assert.equal(new URL(back.location!).pathname, "/self-service/settings");

  const stranger = server.browser();
  await signIn(stranger, "pat@example.org");
  const forged = await stranger.get(back.location!);
  assert.equal(forged.status, 303);
  assert.equal(
    (await whoami(stranger)).body.identity.traits.email,
    "pat@example.org",
    "only the browser that submitted may go on",
  );

  const applied = await html.get(back.location!);
  assert.equal(applied.status, 303);
  assert.equal((await whoami(html)).body.identity.traits.email, "pat@moved.example");
});

test("a single-page app confirms who it is, and what it submitted before goes on, once", async (t) => {
  const server = await startServer(t, {
    config: { session: { lifespan: "72h" }, selfservice: { flows: { settings: { lifespan: "4h" } } } },
  });
  await server.createPerson({ email: "pat@example.org", password });
  const spa = server.spa();
  await signIn(spa, "pat@example.org");
  server.advance(2 * hour);
  const refused = await submit(spa, "settings", await begin(spa, "settings"), {
    method: "password",
    password: "another-horse-battery-9",
  });
  assert.deepEqual([refused.status, refused.body.error.id], [403, "session_refresh_required"]);
  const { body: login } = await spa.get(refused.body.redirect_browser_to);
  const confirmed = await submit(spa, "login", login, { method: "password", identifier: "pat@example.org", password });
  const [{ redirect_browser_to: back }] = confirmed.body.continue_with;
  assert.equal(new URL(back).pathname, "/self-service/settings");
  const applied = await spa.get(back);
  assert.deepEqual([applied.status, applied.body.state, messageIds(applied.body)], [200, "success", [1050001]]);
  assert.equal((await signIn(server.spa(), "pat@example.org", "another-horse-battery-9")).status, 200);
  assert.equal((await spa.get(back)).status, 400, "it is given out once");
});

test("a flow belongs to one person", async (t) => {
  const server = await startServer(t);
  await server.createPerson({ email: "one@example.org", password });
  await server.createPerson({ email: "two@example.org", password });
  const one = { "x-session-token": await nativeToken(server, "one@example.org") };
  const two = { "x-session-token": await nativeToken(server, "two@example.org") };
  const { body: flow } = await server.native.get("/self-service/settings/api", { headers: one });
  for (const answer of [
    await server.native.get(`/self-service/settings/flows?id=${flow.id}`, { headers: two }),
    await server.native.post(
      `/self-service/settings?flow=${flow.id}`,
      { method: "profile", traits: { email: "two@example.org" } },
      { headers: two },
    ),
  ]) {
    assert.equal(answer.status, 403);
    assert.equal(answer.body.error.id, "security_identity_mismatch");
  }
  assert.equal((await server.native.get("/self-service/settings/api")).body.error.id, "session_inactive");
  const html = server.browser();
  const away = await html.get("/self-service/settings/browser?return_to=https%3A%2F%2Fapp.example%2Fx");
  assert.match(away.location!, /\/self-service\/login\/browser/);
});

const nameless = structuredClone(personSchema) as Json;
nameless.properties.traits.required = [];
nameless.properties.traits.properties.email["ory.sh/kratos"].credentials = {
  password: { identifier: true },
  webauthn: { identifier: true },
  code: { identifier: true, via: "email" },
};
const schemas = [{ id: "person", url: `base64://${Buffer.from(JSON.stringify(nameless)).toString("base64")}` }];
const keysAlone = {
  identity: { default_schema_id: "person", schemas },
  selfservice: { methods: { webauthn: { config: { passwordless: true } } } },
};

for (const method of ["password", "webauthn", "code"])
  onEachDatabase(
    `the name by which the only way in is found cannot be given up: ${method}`,
    async (server) => {
      const client = server.spa();
      if (method === "webauthn") await signUpWithKey(client, newAuthenticator(), "pat@example.org");
      else {
        const { id } = await server.createPerson({ email: "pat@example.org", password });
        await signIn(client, "pat@example.org");
        if (method === "code")
          assert.equal((await server.adminClient.delete(`/admin/identities/${id}/credentials/password`)).status, 204);
      }
      const drop = async () =>
        submit(client, "settings", await begin(client, "settings"), {
          method: "profile",
          traits: { name: { first: "Pat" } },
        });
      const kept = await drop();
      assert.deepEqual([kept.status, messageIds(kept.body)], [400, [4000001]]);
      assert.equal((await whoami(client)).body.identity.traits.email, "pat@example.org");
      assert.equal((await addPasskey(client, newAuthenticator())).status, 200);
      assert.equal((await drop()).status, 200, "another way in is enough");
      assert.equal((await whoami(client)).body.identity.traits.email, undefined);
    },
    {
      config: mergeTrees(
        keyConfig(method === "code" ? { selfservice: { methods: { code: { passwordless_enabled: true } } } } : {}),
        keysAlone,
      ),
    },
  );

test("a method that is switched off is no way in", async (t) => {
  const server = await startServer(t, {
    config: keyConfig({ selfservice: { methods: { password: { enabled: false } } } }),
  });
  const client = server.spa();
  const { body } = await signUpWithPasskey(client, newAuthenticator(), "pat@example.org");
  const credentials = { password: { config: { password } } };
  await server.admin("PUT", `/admin/identities/${body.identity.id}`, {
    json: { schema_id: "person", state: "active", traits: { email: "pat@example.org" }, credentials },
  });
  const flow = await begin(client, "settings");
  const { status } = await submit(client, "settings", flow, {
    method: "passkey",
    passkey_remove: valueOf(flow, "passkey_remove"),
  });
  assert.equal(status, 400);
});
