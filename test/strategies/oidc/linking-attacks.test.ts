import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../../support/client.ts";
import type { Client, Json } from "../../support/client.ts";
import { nodeOf, password } from "../../support/person.ts";
import type { TestServer } from "../../support/server.ts";
import { signInBy, startSocial, withProvider } from "../../support/social.ts";
import type { Social } from "../../support/social.ts";

const email = "ada@example.org";

/** Whoever says at a provider that the address is theirs, and is not called wrong there. */
const eve = { subject: "eve", claims: { email, email_verified: true } };

async function offered({ openid }: Social, app: Client, kind = "login"): Promise<Json> {
  const { status, body } = await signInBy(openid, app, eve, { kind });
  assert.equal(status, 422, JSON.stringify(body));
  const id = new URL(body.redirect_browser_to).searchParams.get("flow");
  return (await app.get(`/self-service/login/flows?id=${id}`)).body;
}

const submit = (app: Client, flow: Json, body: object) =>
  app.post(flow.ui.action, { csrf_token: csrfTokenOf(flow), ...body });

const proof = { method: "password", identifier: email, password };

const linkedWith = async (server: TestServer, id: string): Promise<string[]> =>
  (await server.admin("GET", `/admin/identities/${id}`)).body.credentials.oidc?.identifiers ?? [];

withProvider("an address alone opens no account, however often somebody comes by it", async (social) => {
  const { server } = social;
  const { id } = await server.createPerson({ email, password });
  const app = server.spa();
  for (const kind of ["login", "registration", "login"]) {
    const flow = await offered(social, app, kind);
    assert.equal((await app.get("/sessions/whoami")).status, 401);
    const guess = await submit(app, flow, { ...proof, password: "a guess of hers" });
    assert.deepEqual([guess.status, messageIds(guess.body).includes(4000006)], [400, true]);
  }
  assert.deepEqual(await linkedWith(server, id), []);
});

withProvider(
  "nobody is made to link an account of somebody else's by another site or a flow's address",
  async (social) => {
    const { server } = social;
    const { id } = await server.createPerson({ email, password });
    const attacker = server.spa();
    const flow = await offered(social, attacker);
    // Her victim signs in by the form that she has sent, with the right password, in another browser.
    const victim = server.spa();
    assert.equal((await submit(victim, flow, proof)).status, 403);
    const { body: own } = await victim.get("/self-service/login/browser", { accept: "application/json" });
    assert.equal((await submit(victim, flow, { ...proof, csrf_token: csrfTokenOf(own) })).status, 403);
    assert.equal((await submit(attacker, flow, { ...proof, csrf_token: "made up" })).status, 403);
    assert.equal((await submit(victim, own, proof)).status, 200);
    assert.deepEqual(await linkedWith(server, id), []);
  },
);

test("where it shall not be told who has an account, nothing is told of what its owner has", async (t) => {
  const config = {
    security: { account_enumeration: { mitigate: true } },
    selfservice: { flows: { registration: { login_hints: true } } },
  };
  const social = await startSocial(t, { config });
  await social.server.createPerson({ email, password });
  const flow = await offered(social, social.server.spa());
  const [{ context }] = flow.ui.messages;
  assert.deepEqual([context.available_credential_types, context.available_providers], [[], []]);
  assert.equal(nodeOf(flow, "identifier").attributes.value, email, "it is what they have told themselves");
});

test("an account that has gone meanwhile, or is disabled, is linked with nothing", async (t) => {
  const social = await startSocial(t);
  const { server } = social;
  const { id } = await server.createPerson({ email, password });
  const app = server.spa();
  const flow = await offered(social, app);
  const disabled = [{ op: "replace", path: "/state", value: "inactive" }];
  assert.equal((await server.admin("PATCH", `/admin/identities/${id}`, { json: disabled })).status, 200);
  assert.ok((await submit(app, flow, proof)).status >= 400);
  assert.deepEqual(await linkedWith(server, id), []);
  assert.equal((await server.admin("DELETE", `/admin/identities/${id}`)).status, 204);
  assert.ok((await submit(app, flow, proof)).status >= 400);
  assert.equal((await app.get("/sessions/whoami")).status, 401);
});

test("one person in two browsers at once links an account once", async (t) => {
  const social = await startSocial(t);
  const { server } = social;
  const { id } = await server.createPerson({ email, password });
  const [first, second] = [server.spa(), server.spa()];
  const flows = [await offered(social, first), await offered(social, second)];
  const answers = await Promise.all([first, second].map((app, index) => submit(app, flows[index], proof)));
  for (const { status, body } of answers) assert.ok([200, 400].includes(status), JSON.stringify(body));
  assert.deepEqual(await linkedWith(server, id), ["acme:eve"]);
});
