import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../../support/client.ts";
import type { Client, Json } from "../../support/client.ts";
import { nodeOf, password, submitIn } from "../../support/person.ts";
import { entryOf, leave, signInBy, startSocial } from "../../support/social.ts";
import { startOpenidProvider } from "../../support/openid-provider.ts";

const ada = { subject: "ada", claims: { email: "ada@example.org" } };
const whoami = async (client: Client) => (await client.get("/sessions/whoami", { accept: "application/json" })).body;
const begin = async (app: Client, kind: string, query = "") =>
  (await app.get(`/self-service/${kind}/browser${query}`, { accept: "application/json" })).body;
const buttonsOf = (flow: Json) =>
  flow.ui.nodes.filter(({ group }: Json) => group === "oidc").map(({ attributes }: Json) => attributes.value);

test("each provider has a button that says its name, and those of organizations are for their own forms", async (t) => {
  const other = await startOpenidProvider(t);
  const organization = "3f0c1f5a-0a4b-4a0e-9d36-0f6a3c2b1d00";
  const more = [
    entryOf(other, { id: "a-globex", label: "" }),
    entryOf(other, { id: "staff", organization_id: organization }),
  ];
  const { server } = await startSocial(t, { more });
  for (const [kind, id] of [
    ["login", 1010002],
    ["registration", 1040002],
  ] as const) {
    const flow = await begin(server.spa(), kind);
    assert.deepEqual(buttonsOf(flow), ["a-globex", "acme"]);
    const { label } = flow.ui.nodes.find(({ attributes }: Json) => attributes.value === "acme").meta;
    assert.deepEqual([label.id, label.context], [id, { provider: "Acme", provider_id: "acme" }]);
    const nameless = flow.ui.nodes.find(({ attributes }: Json) => attributes.value === "a-globex").meta.label;
    assert.deepEqual(nameless.context, { provider: "a-globex", provider_id: "a-globex" });
    assert.deepEqual(buttonsOf(await begin(server.spa(), kind, `?organization=${organization}`)), ["staff"]);
  }
});

test("a provider that there is not is not found, and none that is named is no method", async (t) => {
  const { server } = await startSocial(t);
  const unknown = await submitIn(server.spa(), "login", { method: "oidc", provider: "nobody" });
  assert.equal(unknown.status, 404);
  const none = await submitIn(server.spa(), "login", { method: "oidc" });
  assert.deepEqual([none.status, messageIds(none.body)], [400, [4010002]]);
  const signUp = await submitIn(server.spa(), "registration", { method: "oidc" });
  assert.deepEqual([signUp.status, messageIds(signUp.body)], [400, [4010003]]);
});

test("sign-in in two steps shows all providers first, and then those of the person", async (t) => {
  const other = await startOpenidProvider(t);
  const { server, openid } = await startSocial(t, {
    more: [entryOf(other, { id: "globex" })],
    config: { selfservice: { flows: { login: { style: "identifier_first" } } } },
  });
  await signInBy(openid, server.spa(), ada);
  await server.createPerson({ email: "bob@example.org", password });
  const app = server.spa();
  const next = async (identifier: string) => {
    const flow = await begin(app, "login");
    assert.deepEqual(buttonsOf(flow), ["acme", "globex"]);
    const { body } = await app.post(flow.ui.action, {
      method: "identifier_first",
      identifier,
      csrf_token: csrfTokenOf(flow),
    });
    return body;
  };
  const hers = await next("ada@example.org");
  assert.deepEqual(buttonsOf(hers), ["acme"]);
  const away = await app.post(hers.ui.action, { provider: "acme", csrf_token: csrfTokenOf(hers) });
  assert.equal((await app.get(await openid.signIn(away.body.redirect_browser_to, ada))).status, 200);
  app.cookies.clear();
  const his = await next("bob@example.org");
  assert.deepEqual(buttonsOf(his), []);
  assert.ok(nodeOf(his, "password"));
});

test("sign-up in two steps shows providers on both screens", async (t) => {
  const config = { selfservice: { flows: { registration: { style: "profile_first" } } } };
  const { server, openid } = await startSocial(t, { config });
  const app = server.spa();
  const flow = await begin(app, "registration");
  assert.deepEqual(buttonsOf(flow), ["acme"]);
  const traits = { email: "typed@example.org", name: { first: "Typed" } };
  const { body: second } = await app.post(flow.ui.action, { method: "profile", traits, csrf_token: csrfTokenOf(flow) });
  assert.deepEqual(buttonsOf(second), ["acme"]);
  const away = await app.post(second.ui.action, { provider: "acme", traits, csrf_token: csrfTokenOf(second) });
  const done = await app.get(await openid.signIn(away.body.redirect_browser_to, ada));
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.deepEqual((await whoami(app)).identity.traits, traits, "what was typed counts more");
});

test("who confirms who they are is asked anew by their own provider", async (t) => {
  const other = await startOpenidProvider(t);
  const { server, openid } = await startSocial(t, { more: [entryOf(other, { id: "globex" })] });
  const app = server.spa();
  await signInBy(openid, app, ada);
  const before = await whoami(app);
  server.advance(60_000);
  const flow = await begin(app, "login", "?refresh=true");
  assert.deepEqual(buttonsOf(flow), ["acme"]);
  const url = await leave(app, "login", {}, "?refresh=true");
  assert.equal(new URL(url).searchParams.get("prompt"), "login");
  assert.equal((await app.get(await openid.signIn(url, ada))).status, 200);
  const after = await whoami(app);
  assert.equal(after.id, before.id);
  assert.ok(Date.parse(after.authenticated_at) > Date.parse(before.authenticated_at));

  const eve = { subject: "eve", claims: { email: "eve@example.org" } };
  const refused = await app.get(await openid.signIn(await leave(app, "login", {}, "?refresh=true"), eve));
  assert.deepEqual([refused.status, messageIds(refused.body)], [400, [4000001]]);
  assert.equal((await server.admin("GET", "/admin/identities")).body.length, 1, "nobody is made by that");
});
