import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Client, Json } from "../../support/client.ts";
import { csrfTokenOf } from "../../support/client.ts";
import { password, submitIn } from "../../support/person.ts";
import type { TestServer } from "../../support/server.ts";
import { entryOf, program, signInBy, startSocial, withProvider } from "../../support/social.ts";
import type { Social } from "../../support/social.ts";

const email = "pat@example.org";
const claims = { email, email_verified: true };
const pat = { subject: "pat", claims };
const entry = { account_linking_mode: "automatic" };

/** Somebody who has a password, and an address that is verified unless said otherwise. */
async function somebody(server: TestServer, verified = true, changes: Json = {}): Promise<string> {
  const { status, body } = await server.adminClient.post("/admin/identities", {
    schema_id: "person",
    traits: { email },
    credentials: { password: { config: { password } } },
    verifiable_addresses: [{ via: "email", value: email, verified, status: verified ? "completed" : "pending" }],
    ...changes,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

const whoami = async (app: Client): Promise<Json> => (await app.get("/sessions/whoami")).body;

async function linkedWith({ server }: Social, id: string): Promise<string[]> {
  const { body } = await server.admin("GET", `/admin/identities/${id}`);
  return body.credentials.oidc?.identifiers ?? [];
}

/** Nobody is signed in, and nothing is linked. */
async function assertAsked(social: Social, app: Client, id: string, answer: Answer): Promise<void> {
  assert.ok(answer.status >= 300, JSON.stringify(answer.body));
  assert.equal((await app.get("/sessions/whoami")).status, 401);
  assert.deepEqual(await linkedWith(social, id), []);
}

withProvider(
  "whoever has shown both here and at the provider that an address is theirs is linked without a question",
  async (social) => {
    const { server, openid } = social;
    const id = await somebody(server);
    for (const kind of ["registration", "login"]) {
      const app = server.spa();
      const { status, body } = await signInBy(openid, app, pat, { kind });
      assert.equal(status, 200, JSON.stringify(body));
      const { identity, authentication_methods: methods } = await whoami(app);
      assert.equal(identity.id, id);
      assert.deepEqual(
        methods.map(({ method, provider }: Json) => [method, provider]),
        [["oidc", "acme"]],
      );
    }
    assert.deepEqual(await linkedWith(social, id), ["acme:pat"]);
    const byPassword = await submitIn(server.spa(), "login", { method: "password", identifier: email, password });
    assert.equal(byPassword.status, 200, "what they had stays");
  },
  { entry },
);

withProvider(
  "an account that somebody has made in advance, with the address of another, gets nobody's",
  async (social) => {
    const id = await somebody(social.server, false);
    const app = social.server.spa();
    await assertAsked(social, app, id, await signInBy(social.openid, app, pat, { kind: "registration" }));
  },
  { entry },
);

withProvider(
  "an address that the provider does not call verified opens nobody's account",
  async (social) => {
    const { server, openid } = social;
    const id = await somebody(server);
    for (const unproven of [{ email }, { email, email_verified: false }]) {
      const app = server.spa();
      await assertAsked(social, app, id, await signInBy(openid, app, { subject: "eve", claims: unproven }));
    }
  },
  { entry },
);

test("no provider links without a question unless it is told to", async (t) => {
  const social = await startSocial(t);
  const id = await somebody(social.server);
  const app = social.server.spa();
  await assertAsked(social, app, id, await signInBy(social.openid, app, pat));
});

test("an address that the provider has given to somebody else does not open the account of who had it", async (t) => {
  const social = await startSocial(t, { entry });
  const { server, openid } = social;
  const id = await somebody(server);
  assert.equal((await signInBy(openid, server.spa(), pat)).status, 200);
  const app = server.spa();
  const { status } = await signInBy(openid, app, { ...pat, subject: "successor" });
  assert.ok(status >= 300);
  assert.equal((await app.get("/sessions/whoami")).status, 401);
  assert.deepEqual(await linkedWith(social, id), ["acme:pat"]);
});

test("the provider of an organization links the accounts of its own people alone", async (t) => {
  const organization = "6f1c4d0e-7c57-4c52-9a35-1f0c1d1b7a11";
  const { server, openid } = await startSocial(t, { entry: { ...entry, organization_id: organization } });
  const id = await somebody(server);
  const app = server.spa();
  await assertAsked({ server, openid }, app, id, await signInBy(openid, app, pat));
});

test("whoever has a second factor is asked, and nobody is let into an account that is disabled", async (t) => {
  const config = { selfservice: { methods: { lookup_secret: { enabled: true } } } };
  const social = await startSocial(t, { entry, config });
  const { server, openid } = social;
  const id = await somebody(server);
  const owner = server.spa();
  assert.equal((await submitIn(owner, "login", { method: "password", identifier: email, password })).status, 200);
  const { body: flow } = await owner.get("/self-service/settings/browser", { accept: "application/json" });
  for (const step of ["regenerate", "confirm"]) {
    const body = { method: "lookup_secret", csrf_token: csrfTokenOf(flow), [`lookup_secret_${step}`]: true };
    const { status } = await owner.send("POST", `/self-service/settings?flow=${flow.id}`, { json: body });
    assert.equal(status, 200);
  }
  const app = server.spa();
  await assertAsked(social, app, id, await signInBy(openid, app, pat));

  assert.equal((await server.admin("DELETE", `/admin/identities/${id}`)).status, 204);
  const disabled = await somebody(server, true, { state: "inactive" });
  await assertAsked(social, app, disabled, await signInBy(openid, app, pat));
});

test("confirming who one is links nothing", async (t) => {
  const social = await startSocial(t, { entry });
  const { server, openid } = social;
  const id = await somebody(server);
  const app = server.spa();
  assert.equal((await submitIn(app, "login", { method: "password", identifier: email, password })).status, 200);
  const { body } = await app.get("/self-service/login/browser?refresh=true", { accept: "application/json" });
  assert.equal(JSON.stringify(body.ui.nodes).includes("acme"), false);
  const away = await submitIn(app, "login", { provider: "acme" }, "?refresh=true");
  if (away.status === 422) await app.get(await openid.signIn(away.body.redirect_browser_to, pat));
  assert.deepEqual(await linkedWith(social, id), []);
});

test("of two providers the one that is told to links, and the other asks", async (t) => {
  const social = await startSocial(t, { entry });
  const { server, openid } = social;
  const stored = entryOf(openid, { id: "other", label: "Other" });
  assert.equal((await server.adminClient.post("/admin/providers", stored)).status, 201);
  const id = await somebody(server);
  const app = server.spa();
  const away = await submitIn(app, "login", { provider: "other" });
  await assertAsked(social, app, id, await app.get(await openid.signIn(away.body.redirect_browser_to, pat)));
  assert.equal((await signInBy(openid, app, pat)).status, 200);
  assert.deepEqual(await linkedWith(social, id), ["acme:pat"]);
});

test("a mapper that calls verified what the provider does not links nobody, whatever is left to it", async (t) => {
  const credulous = program(`
    local email = std.extVar("claims").email;
    { identity: { traits: { email: email }, verified_addresses: [{ via: "email", value: email }] } }`);
  for (const verified_addresses of ["mapper", "proven"]) {
    const social = await startSocial(t, { entry: { ...entry, mapper_url: credulous, verified_addresses } });
    const id = await somebody(social.server);
    for (const said of [{ email }, { email, email_verified: false }]) {
      const app = social.server.spa();
      await assertAsked(social, app, id, await signInBy(social.openid, app, { subject: "eve", claims: said }));
    }
  }
});
