import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf } from "../../support/client.ts";
import type { Client } from "../../support/client.ts";
import { nodeOf } from "../../support/person.ts";
import { signInBy, startSocial, withProvider } from "../../support/social.ts";
import type { Social } from "../../support/social.ts";

const mute = { subject: "mute", claims: { given_name: "Ada" } };
const whoami = async (client: Client) => (await client.get("/sessions/whoami", { accept: "application/json" })).body;

/** Somebody of whom their provider tells no address: the form that asks them for it. */
async function asked({ openid }: Pick<Social, "openid">, app: Client, kind = "login") {
  const { status, body } = await signInBy(openid, app, mute, { kind });
  if (kind === "registration") return body;
  assert.equal(status, 422, JSON.stringify(body));
  const page = new URL(body.redirect_browser_to);
  assert.equal(page.pathname, "/registration");
  return (await app.get(`/self-service/registration/flows?id=${page.searchParams.get("flow")}`)).body;
}

withProvider(
  "what a provider does not tell is asked of the person, who does not leave again",
  async ({ server, openid }) => {
    const app = server.spa();
    const flow = await asked({ openid }, app);
    assert.equal(flow.active, "oidc");
    const buttons = flow.ui.nodes.filter(({ attributes }: { attributes: { type: string } }) =>
      ["submit", "password"].includes(attributes.type),
    );
    assert.equal(buttons.length, 1, "no other method is at hand");
    assert.deepEqual([buttons[0].attributes.value, buttons[0].meta.label.id], ["acme", 1040003]);
    assert.equal(nodeOf(flow, "traits.email").messages[0].id, 4000002);
    assert.equal(nodeOf(flow, "traits.name.first").attributes.value, "Ada");

    const requests = openid.got.length;
    const submit = (traits: object) =>
      app.post(flow.ui.action, { method: "oidc", provider: "acme", traits, csrf_token: csrfTokenOf(flow) });
    const wrong = await submit({ email: "no address", name: { first: "Ada" } });
    assert.equal(wrong.status, 400);
    assert.equal(nodeOf(wrong.body, "traits.email").attributes.value, "no address");
    const done = await submit({ email: "ada@example.org" });
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.deepEqual(done.body.identity.traits, { email: "ada@example.org", name: { first: "Ada" } });
    assert.equal(openid.got.length, requests, "the provider was not asked again");

    const other = server.spa();
    assert.equal((await signInBy(openid, other, mute)).status, 200);
    assert.equal((await whoami(other)).identity.id, done.body.identity.id);
  },
);

test("what was shown at a provider is kept sealed, for half an hour, and serves to sign up once", async (t) => {
  const { server, openid } = await startSocial(t);
  const late = server.spa();
  const flow = await asked({ openid }, late, "registration");
  const answer = (app: Client, { ui }: typeof flow) =>
    app.post(ui.action, { provider: "acme", "traits.email": "ada@example.org", csrf_token: csrfTokenOf({ ui }) });
  server.advance(31 * 60_000);
  const away = await answer(late, flow);
  assert.equal(away.status, 422, "they go there again");
  assert.equal(new URL(away.body.redirect_browser_to).origin, openid.issuer);

  const app = server.spa();
  const fresh = await asked({ openid }, app, "registration");
  const before = [...app.cookies];
  assert.equal((await answer(app, fresh)).status, 200);
  app.cookies.clear();
  for (const [name, value] of before) app.cookies.set(name, value);
  const again = await answer(app, fresh);
  assert.equal(again.status, 422, "nobody is signed in by what they have shown for something else");
});

test("the form that was left for it is as it was, for who goes back", async (t) => {
  const { server, openid } = await startSocial(t);
  const app = server.spa();
  const { body: flow } = await app.get("/self-service/login/browser");
  const { body: away } = await app.post(flow.ui.action, { provider: "acme", csrf_token: csrfTokenOf(flow) });
  await app.get(await openid.signIn(away.redirect_browser_to, mute));
  const { body: left } = await app.get(`/self-service/login/flows?id=${flow.id}`);
  const buttons = (shown: typeof flow) => shown.ui.nodes.map(({ meta }: { meta: object }) => meta);
  assert.deepEqual(buttons(left), buttons(flow));
});

test("the fields of that form are of the group that the configuration says", async (t) => {
  const config = { feature_flags: { legacy_oidc_registration_node_group: true } };
  const { server, openid } = await startSocial(t, { config });
  const flow = await asked({ openid }, server.spa());
  assert.equal(nodeOf(flow, "traits.email").group, "oidc");
  assert.equal(nodeOf(flow, "csrf_token").group, "default");
});
