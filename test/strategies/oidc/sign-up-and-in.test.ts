import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../../support/client.ts";
import { csrfTokenOf, messageIds } from "../../support/client.ts";
import { leave, signInBy, startSocial, withProvider } from "../../support/social.ts";

const ada = { subject: "ada", claims: { email: "ada@example.org", email_verified: true, given_name: "Ada" } };

const whoami = async (client: Client) => (await client.get("/sessions/whoami", { accept: "application/json" })).body;

withProvider("who is new signs up by one button, and signs in by it from then on", async ({ server, openid }) => {
  const app = server.spa();
  const signedUp = await signInBy(openid, app, ada, { kind: "registration" });
  assert.equal(signedUp.status, 200, JSON.stringify(signedUp.body));
  const first = await whoami(app);
  assert.deepEqual(first.identity.traits, { email: "ada@example.org", name: { first: "Ada" } });
  assert.equal(first.identity.verifiable_addresses[0].verified, true, "their provider has proved the address");
  const [{ completed_at: _, ...method }] = first.authentication_methods;
  assert.deepEqual(method, { method: "oidc", aal: "aal1", provider: "acme" });

  const other = server.spa();
  assert.equal((await signInBy(openid, other, ada)).status, 200);
  assert.equal((await whoami(other)).identity.id, first.identity.id);
  const again = server.spa();
  assert.equal((await signInBy(openid, again, ada, { kind: "registration" })).status, 200);
  assert.equal((await whoami(again)).identity.id, first.identity.id, "who wants to sign up and is known signs in");
  const bob = server.spa();
  const { status } = await signInBy(openid, bob, { subject: "bob", claims: { email: "bob@example.org" } });
  assert.equal(status, 200, "who wants to sign in and is new signs up");
  assert.equal((await whoami(bob)).identity.verifiable_addresses[0].verified, false);
});

test("a navigating browser is led there and back, to where its flow was to lead", async (t) => {
  const { server, openid } = await startSocial(t);
  const browser = server.browser();
  const target = "http://app.example.org/welcome";
  const begun = await browser.get(`/self-service/login/browser?return_to=${encodeURIComponent(target)}`);
  const id = new URL(begun.location!).searchParams.get("flow")!;
  const { body: flow } = await browser.get(`/self-service/login/flows?id=${id}`, { accept: "application/json" });
  const form = { provider: "acme", csrf_token: csrfTokenOf(flow) };
  const away = await browser.send("POST", `/self-service/login?flow=${id}`, { form });
  assert.equal(away.status, 303);
  assert.equal(new URL(away.location!).origin, openid.issuer);
  const done = await browser.get(await openid.signIn(away.location!, ada));
  assert.deepEqual([done.status, done.location], [303, target]);
  assert.equal((await whoami(browser)).identity.traits.email, "ada@example.org");
});

test("what somebody has typed counts more than what their provider says, but for fields left empty", async (t) => {
  const { server, openid } = await startSocial(t);
  const app = server.spa();
  const body = { "traits.name.first": "Countess", "traits.email": "" };
  const { status, body: said } = await signInBy(openid, app, ada, { kind: "registration", body });
  assert.equal(status, 200, JSON.stringify(said));
  const { traits } = (await whoami(app)).identity;
  assert.deepEqual(traits, { email: "ada@example.org", name: { first: "Countess" } });
});

test("the session says how the provider was shown who it is, and which of that stands for two factors", async (t) => {
  const entry = { aal2_acr_values: ["urn:example:two-factors"], aal2_amr_values: ["hwk"] };
  const { server, openid } = await startSocial(t, { entry });
  const signIn = async (claims: object) => {
    const app = server.spa();
    const { status, body } = await signInBy(openid, app, { ...ada, claims: { ...ada.claims, ...claims } });
    assert.equal(status, 200, JSON.stringify(body));
    return whoami(app);
  };
  const once = await signIn({ acr: "urn:example:one-factor", amr: ["pwd"] });
  assert.equal(once.authenticator_assurance_level, "aal1");
  assert.equal(once.authentication_methods[0].upstream_acr, "urn:example:one-factor");
  assert.deepEqual(once.authentication_methods[0].upstream_amr, ["pwd"]);
  assert.equal((await signIn({ acr: "urn:example:two-factors" })).authenticator_assurance_level, "aal2");
  const byKey = await signIn({ acr: "urn:example:one-factor", amr: ["pwd", "hwk"] });
  assert.equal(byKey.authentication_methods[0].aal, "aal2");
});

test("nobody signs up in passing where registration is switched off", async (t) => {
  const config = { selfservice: { flows: { registration: { enabled: false } } } };
  const { server, openid } = await startSocial(t, { config });
  const app = server.spa();
  const { status, body } = await signInBy(openid, app, ada);
  assert.deepEqual([status, messageIds(body), body.active], [400, [4000001], "oidc"]);
  const { location } = await app.get(await openid.signIn(await leave(app), ada), { accept: "text/html" });
  assert.equal(new URL(location!).pathname, "/login", "a browser is shown the form that it has left");
  assert.deepEqual((await server.admin("GET", "/admin/identities")).body, []);
});

test("an account that is disabled lets nobody in", async (t) => {
  const { server, openid } = await startSocial(t);
  const app = server.spa();
  await signInBy(openid, app, ada);
  const { id } = (await whoami(app)).identity;
  await server.admin("PATCH", `/admin/identities/${id}`, {
    json: [{ op: "replace", path: "/state", value: "inactive" }],
  });
  const other = server.spa();
  assert.equal((await signInBy(openid, other, ada)).status, 400);
  assert.equal((await whoami(other)).error.code, 401);
});

test("tokens are kept sealed, and shown to administrators who ask for them", async (t) => {
  const { server, openid } = await startSocial(t);
  const app = server.spa();
  await signInBy(openid, app, ada);
  const { id } = (await whoami(app)).identity;
  const { body } = await server.admin("GET", `/admin/identities/${id}?include_credential=oidc`);
  const { identifiers, config } = body.credentials.oidc;
  assert.deepEqual(identifiers, ["acme:ada"]);
  assert.match(config.providers[0].initial_id_token, /^eyJ/);
  assert.deepEqual([config.providers[0].subject, config.providers[0].provider], ["ada", "acme"]);
});

test("hints are handed on, but none by which a page could choose whose account is used", async (t) => {
  const { server } = await startSocial(t);
  const upstream_parameters = { prompt: "select_account", acr_values: "urn:example:two-factors", login_hint: "eve" };
  const url = new URL(await leave(server.spa(), "login", { upstream_parameters: upstream_parameters }));
  assert.equal(url.searchParams.get("prompt"), "select_account");
  assert.equal(url.searchParams.get("acr_values"), "urn:example:two-factors");
  assert.equal(url.searchParams.has("login_hint"), false);
});
