import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../../support/client.ts";
import type { OpenidProvider } from "../../support/openid-provider.ts";
import { password, submitIn } from "../../support/person.ts";
import type { TestServer } from "../../support/server.ts";
import { entryOf, leave, signInBy, startSocial, withProvider } from "../../support/social.ts";
import { makePerson, makeTenant } from "../../tenants/world.ts";

const eve = { subject: "eve", claims: { email: "eve@evil.example", email_verified: true } };
const ada = { subject: "ada", claims: { email: "ada@example.org", email_verified: true } };
const email = "pat@example.org";

const tenantConfig = (openid: OpenidProvider) => ({
  selfservice: { methods: { oidc: { enabled: true, config: { providers: [entryOf(openid)] } } } },
});

async function signIn(app: Client, identifier = email): Promise<Client> {
  assert.equal((await submitIn(app, "login", { method: "password", identifier, password })).status, 200);
  return app;
}

const linkedWith = async (server: TestServer, id: string): Promise<string[]> =>
  (await server.admin("GET", `/admin/identities/${id}`)).body.credentials.oidc?.identifiers ?? [];

withProvider(
  "nobody gets another to link an account that is not theirs, be the other signed in or not",
  async (social) => {
    const { server, openid } = social;
    const { id } = await server.createPerson({ email, password });
    const { id: attacker } = await server.createPerson({ email: "eve@evil.example", password });
    const app = await signIn(server.spa(), "eve@evil.example");
    // What her provider sends back, she sends to her victim.
    const trap = await openid.signIn(await leave(app, "settings"), eve);
    for (const victim of [await signIn(server.spa()), server.spa()]) {
      const { status } = await victim.get(trap);
      assert.ok(status >= 300, String(status));
    }
    assert.deepEqual([await linkedWith(server, id), await linkedWith(server, attacker)], [[], []]);
  },
);

withProvider("another site submits no settings", async ({ server, openid }) => {
  const { id } = await server.createPerson({ email, password });
  const app = await signIn(server.spa());
  assert.equal((await signInBy(openid, app, ada, { kind: "settings" })).status, 200);
  const { body: flow } = await app.get("/self-service/settings/browser", { accept: "application/json" });
  for (const body of [{ unlink: "acme" }, { unlink: "acme", csrf_token: "made up" }, { link: "acme" }])
    assert.equal((await app.post(flow.ui.action, body)).status, 403);
  assert.deepEqual(await linkedWith(server, id), ["acme:ada"]);
});

test("the same callback links once, and in the flow of somebody else not at all", async (t) => {
  const { server, openid } = await startSocial(t);
  const { id } = await server.createPerson({ email, password });
  const app = await signIn(server.spa());
  const callback = await openid.signIn(await leave(app, "settings"), ada);
  assert.equal((await app.get(callback)).status, 200);
  assert.equal((await submitIn(app, "settings", { unlink: "acme" })).status, 200);
  assert.ok((await app.get(callback)).status >= 300);
  assert.deepEqual(await linkedWith(server, id), []);

  // The browser has changed hands while somebody was away at their provider.
  const late = await openid.signIn(await leave(app, "settings"), ada);
  const { id: other } = await server.createPerson({ email: "next@example.org", password });
  const { body: out } = await app.get("/self-service/logout/browser");
  await app.get(new URL(out.logout_url).pathname + new URL(out.logout_url).search);
  await signIn(app, "next@example.org");
  assert.ok((await app.get(late)).status >= 300);
  assert.deepEqual([await linkedWith(server, id), await linkedWith(server, other)], [[], []]);
});

test("two accounts that are unlinked at the same moment leave one way in", async (t) => {
  const { server, openid } = await startSocial(t);
  const stored = entryOf(openid, { id: "other", label: "Other" });
  assert.equal((await server.adminClient.post("/admin/providers", stored)).status, 201);
  const app = server.spa();
  assert.equal((await signInBy(openid, app, ada)).status, 200);
  const { id } = (await app.get("/sessions/whoami")).body.identity;
  const away = await submitIn(app, "settings", { link: "other" });
  assert.equal((await app.get(await openid.signIn(away.body.redirect_browser_to, ada))).status, 200);
  const elsewhere = server.spa();
  assert.equal((await signInBy(openid, elsewhere, ada)).status, 200);
  const answers = await Promise.all([
    submitIn(app, "settings", { unlink: "acme" }),
    submitIn(elsewhere, "settings", { unlink: "other" }),
  ]);
  assert.equal(
    answers.filter(({ status }) => status === 200).length,
    1,
    JSON.stringify(answers.map(({ body }) => body)),
  );
  assert.equal((await linkedWith(server, id)).length, 1);
});

test("tenants know nothing of each other's links, and a way back leads into its own tenant alone", async (t) => {
  const { server, openid } = await startSocial(t);
  const { id } = await server.createPerson({ email, password });
  const app = await signIn(server.spa());
  const globex = await makeTenant(server, "globex", tenantConfig(openid));
  const { id: other } = await makePerson(globex, email, password);

  const callback = await openid.signIn(await leave(app, "settings"), ada);
  assert.ok((await app.get(callback, { headers: globex.headers })).status >= 300);
  assert.equal((await globex.get(new URL(callback).pathname + new URL(callback).search)).status >= 300, true);
  assert.deepEqual(await linkedWith(server, id), []);
  assert.equal((await app.get(callback)).status, 200, "it has not been used up elsewhere");
  assert.deepEqual(await linkedWith(server, id), ["acme:ada"]);
  const { body } = await globex.admin("GET", `/admin/identities/${other}`);
  assert.equal(body.credentials.oidc, undefined);
});
