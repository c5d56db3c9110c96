import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../../support/client.ts";
import type { Client, Json } from "../../support/client.ts";
import { begin, nodeOf, password, signedIn, submit as submitNatively } from "../../support/person.ts";
import { entryOf, signInBy, startSocial, withProvider } from "../../support/social.ts";
import type { Social } from "../../support/social.ts";
import { startOpenidProvider } from "../../support/openid-provider.ts";

const ada = { subject: "ada", claims: { email: "ada@example.org" } };
const whoami = async (client: Client) => (await client.get("/sessions/whoami", { accept: "application/json" })).body;

/** The form that somebody is led to whose address has an account already. */
async function offered({ openid }: Pick<Social, "openid">, app: Client, kind = "login"): Promise<Json> {
  const { status, body } = await signInBy(openid, app, ada, { kind });
  assert.equal(status, 422, JSON.stringify(body));
  const page = new URL(body.redirect_browser_to);
  assert.deepEqual([page.pathname, page.searchParams.get("no_org_ui")], ["/login", "true"]);
  return (await app.get(`/self-service/login/flows?id=${page.searchParams.get("flow")}`)).body;
}

const submit = (app: Client, flow: Json, body: object) =>
  app.post(flow.ui.action, { ...body, csrf_token: csrfTokenOf(flow) });

withProvider("whose address has an account signs in to it, and by the provider from then on", async (social) => {
  const { server, openid } = social;
  const { id } = await server.createPerson({ email: "ada@example.org", password });
  for (const kind of ["login", "registration"]) {
    const flow = await offered(social, server.spa(), kind);
    assert.deepEqual([flow.active, messageIds(flow)], ["oidc", [1010016]]);
  }
  const app = server.spa();
  const flow = await offered(social, app);
  const [{ context }] = flow.ui.messages;
  assert.deepEqual([context.duplicateIdentifier, context.duplicate_identifier], Array(2).fill("ada@example.org"));
  assert.equal(context.provider, "Acme");
  const { attributes } = nodeOf(flow, "identifier");
  assert.deepEqual([attributes.type, attributes.value], ["hidden", "ada@example.org"]);
  assert.equal(nodeOf(flow, "provider"), undefined, "the provider proves nothing of that account");
  assert.equal(nodeOf(flow, "method").meta.label.id, 1010022, "as recorded of Kratos");

  const wrong = await submit(app, flow, { method: "password", identifier: "ada@example.org", password: "not hers" });
  assert.deepEqual([wrong.status, messageIds(wrong.body)], [400, [4000006]]);
  const done = await submit(app, flow, { method: "password", identifier: "ada@example.org", password });
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.deepEqual(
    (await whoami(app)).authentication_methods.map(({ method }: Json) => method),
    ["password", "oidc"],
  );
  const other = server.spa();
  assert.equal((await signInBy(openid, other, ada)).status, 200);
  assert.equal((await whoami(other)).identity.id, id);
});

test("who signs in to another account links nothing", async (t) => {
  const social = await startSocial(t);
  const { server } = social;
  const { id } = await server.createPerson({ email: "ada@example.org", password });
  await server.createPerson({ email: "eve@example.org", password });
  const app = server.spa();
  const flow = await offered(social, app);
  const eve = await submit(app, flow, { method: "password", identifier: "eve@example.org", password });
  assert.deepEqual([eve.status, messageIds(eve.body).includes(4010009)], [400, true]);
  assert.equal((await whoami(app)).error.code, 401);
  const { body: person } = await server.admin("GET", `/admin/identities/${id}?include_credential=oidc`);
  assert.equal(person.credentials.oidc, undefined);
});

test("an offer is for the browser that it was made to, and for half an hour", async (t) => {
  const social = await startSocial(t);
  const { server, openid } = social;
  await server.createPerson({ email: "ada@example.org", password });
  const app = server.spa();
  const flow = await offered(social, app);
  const proof = { method: "password", identifier: "ada@example.org", password };
  assert.equal((await submit(server.spa(), flow, proof)).status, 403);
  server.advance(31 * 60_000);
  assert.equal((await submit(app, flow, proof)).status, 200);
  assert.equal((await whoami(app)).authentication_methods.length, 1);
  const other = server.spa();
  assert.equal((await signInBy(openid, other, ada)).status, 422, "it is not linked");
});

test("who has a second factor proves it before anything is linked", async (t) => {
  const config = {
    session: { whoami: { required_aal: "highest_available" } },
    selfservice: { methods: { lookup_secret: { enabled: true } } },
  };
  const social = await startSocial(t, { config });
  const { server, openid } = social;
  const { id, headers } = await signedIn(server, "ada@example.org");
  const settings = await begin(server, "settings", headers);
  const made = await submitNatively(
    server,
    settings,
    { method: "lookup_secret", lookup_secret_regenerate: true },
    headers,
  );
  const [code] = nodeOf(made.body, "lookup_secret_codes").attributes.text.context.secrets;
  await submitNatively(server, settings, { method: "lookup_secret", lookup_secret_confirm: true }, headers);
  const app = server.spa();
  const flow = await offered(social, app);
  const first = await submit(app, flow, { method: "password", identifier: "ada@example.org", password });
  assert.equal(first.status, 422, JSON.stringify(first.body));
  const page = new URL(first.body.redirect_browser_to);
  const { body: second } = await app.get(`/self-service/login/flows?id=${page.searchParams.get("flow")}`);
  assert.equal(second.requested_aal, "aal2");
  assert.equal((await signInBy(openid, server.spa(), ada)).status, 422, "nothing is linked yet");
  const done = await submit(app, second, { method: "lookup_secret", lookup_secret: code.context.secret });
  assert.equal(done.status, 200, JSON.stringify(done.body));
  const other = server.spa();
  await signInBy(openid, other, ada);
  const { body: person } = await server.admin("GET", `/admin/identities/${id}?include_credential=oidc`);
  assert.deepEqual(person.credentials.oidc.identifiers, ["acme:ada"]);
});

test("hints show what its owner has, and another provider of theirs proves it as well", async (t) => {
  const globex = await startOpenidProvider(t);
  const more = [entryOf(globex, { id: "globex", label: "Globex" }), entryOf(globex, { id: "other" })];
  const config = {
    selfservice: { flows: { registration: { login_hints: true }, login: { style: "identifier_first" } } },
  };
  const social = await startSocial(t, { more, config });
  const { server } = social;
  const first = server.spa();
  await signInBy(globex, first, ada, { body: { provider: "globex" } });
  const { id } = (await whoami(first)).identity;
  const app = server.spa();
  const flow = await offered(social, app);
  const [{ context }] = flow.ui.messages;
  assert.deepEqual([context.available_credential_types, context.available_providers], [["oidc"], ["globex"]]);
  const buttons = flow.ui.nodes.filter(({ group }: Json) => group === "oidc");
  assert.deepEqual(
    buttons.map(({ attributes, meta }: Json) => [attributes.value, meta.label.id, meta.label.context]),
    [["globex", 1010018, { provider: "Globex" }]],
  );
  const away = await submit(app, flow, { provider: "globex" });
  assert.equal((await app.get(await globex.signIn(away.body.redirect_browser_to, ada))).status, 200);
  assert.equal((await whoami(app)).identity.id, id);
  assert.equal((await whoami(app)).authentication_methods.length, 2);
});

test("where nobody is signed up, an account that is there may still be linked", async (t) => {
  const social = await startSocial(t, { config: { selfservice: { flows: { registration: { enabled: false } } } } });
  const { server, openid } = social;
  await server.createPerson({ email: "ada@example.org", password });
  const app = server.spa();
  const flow = await offered(social, app);
  assert.equal((await submit(app, flow, { method: "password", identifier: "ada@example.org", password })).status, 200);
  const bob = { subject: "bob", claims: { email: "bob@example.org" } };
  const { status, body } = await signInBy(openid, server.spa(), bob);
  assert.deepEqual([status, messageIds(body)], [400, [4000001]]);
});
