import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createPublicClients, ErrorReason, OstiaryError } from "../../sdk/index.js";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { idTokenOf } from "../support/id-token.ts";
import { kratosOf } from "../support/kratos.ts";
import { nodeOf } from "../support/person.ts";
import { entryOf, socialConfig, startSocial, withProvider } from "../support/social.ts";
import type { Social } from "../support/social.ts";
import { startOpenidProvider } from "../support/openid-provider.ts";
import { startServer } from "../support/server.ts";

const nonce = "n-0S6_WzA2Mj";
const ada = { email: "ada@example.org", given_name: "Ada", email_verified: true };

const tokenOf = ({ openid }: Pick<Social, "openid">, subject = "ada", claims: Json = ada) =>
  idTokenOf(openid.issuer, subject, { claims: { nonce, ...claims } });

/** A native client submits an ID token to a new flow. */
async function submit({ server }: Pick<Social, "server">, idToken: string, { kind = "login", body = {} } = {}) {
  const { body: flow } = await server.native.get(`/self-service/${kind}/api`);
  return server.native.post(flow.ui.action, {
    method: "oidc",
    provider: "acme",
    id_token: idToken,
    id_token_nonce: nonce,
    ...body,
  });
}

withProvider(
  "Kratos' own client signs people up and in by the ID token of an app, whichever they ask for",
  async (social) => {
    const { frontend } = kratosOf(social.server);
    const submission = async (subject: string, claims: Json) => ({
      method: "oidc" as const,
      provider: "acme",
      id_token: await tokenOf(social, subject, claims),
      id_token_nonce: nonce,
    });
    const { data: form } = await frontend.createNativeRegistrationFlow();
    const { data: registered } = await frontend.updateRegistrationFlow({
      flow: form.id,
      updateRegistrationFlowBody: await submission("ada", ada),
    });
    assert.deepEqual(registered.identity.traits, { email: "ada@example.org", name: { first: "Ada" } });
    const { data: own } = await frontend.toSession({ xSessionToken: registered.session_token! });
    assert.deepEqual(
      own.authentication_methods!.map(({ method, provider }) => [method, provider]),
      [["oidc", "acme"]],
    );

    const { data: login } = await frontend.createNativeLoginFlow();
    const { data: signedIn } = await frontend.updateLoginFlow({
      flow: login.id,
      updateLoginFlowBody: await submission("ada", ada),
    });
    assert.equal(signedIn.session.identity!.id, registered.identity.id);

    const { data: again } = await frontend.createNativeRegistrationFlow();
    const { data: known } = await frontend.updateRegistrationFlow({
      flow: again.id,
      updateRegistrationFlowBody: await submission("ada", ada),
    });
    assert.equal(known.identity.id, registered.identity.id, "whoever is known signs in");

    const { data: other } = await frontend.createNativeLoginFlow();
    const { data: made } = await frontend.updateLoginFlow({
      flow: other.id,
      updateLoginFlowBody: await submission("bob", { email: "bob@example.org" }),
    });
    assert.equal(made.session.identity!.traits.email, "bob@example.org", "whoever is new signs up");
    const { body: credentials } = await social.server.admin(
      "GET",
      `/admin/identities/${made.session.identity!.id}?include_credential=oidc`,
    );
    const [link] = credentials.credentials.oidc.config.providers;
    assert.deepEqual([link.subject, link.initial_id_token ?? "", link.initial_access_token ?? ""], ["bob", "", ""]);
  },
);

test("an ID token that does not hold is the provider's fault or the app's, and signs nobody in", async (t) => {
  const social = await startSocial(t);
  const { openid } = social;
  const wrong: Record<string, [string, object?]> = {
    none: ["a.b.c"],
    "of another issuer": [await idTokenOf("https://other.example", "ada", { claims: { nonce, ...ada } })],
    "for somebody else": [await tokenOf(social, "ada", { ...ada, aud: "somebody" })],
    "without a nonce": [await idTokenOf(openid.issuer, "ada", { claims: ada })],
    "with another nonce": [await tokenOf(social), { id_token_nonce: "another" }],
    "whose nonce is not told": [await tokenOf(social), { id_token_nonce: undefined }],
  };
  for (const kind of ["login", "registration"])
    for (const [what, [token, body = {}]] of Object.entries(wrong)) {
      const answer = await submit(social, token, { kind, body });
      assert.deepEqual([answer.status, answer.body.error?.id], [502, "upstream_error"], what);
    }
  assert.equal((await submit(social, await tokenOf(social), { body: { provider: "unknown" } })).status, 404);
  assert.deepEqual((await social.server.admin("GET", "/admin/identities")).body, []);
  openid.answer("with 503");
  assert.equal((await submit(social, await tokenOf(social))).status, 200, "its keys are known already");
});

test("what a provider has not told is asked for, and the app goes on by itself", async (t) => {
  const social = await startSocial(t);
  const { native } = social.server;
  for (const [kind, subject] of [
    ["registration", "cleo"],
    ["login", "dora"],
  ] as const) {
    const { status, body: form } = await submit(social, await tokenOf(social, subject, {}), { kind });
    assert.deepEqual([status, form.type, form.requested_aal], [400, "api", undefined], "a form of registration");
    assert.equal(messageIds(form).length, 1);
    assert.equal(nodeOf(form, "provider").attributes.value, "acme");
    const email = `${subject}@example.org`;
    const done = await native.post(form.ui.action, { method: "oidc", provider: "acme", traits: { email } });
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.equal(done.body.identity.traits.email, email);
    const again = await submit(social, await tokenOf(social, subject, {}));
    assert.equal(again.body.session.identity.id, done.body.identity.id);
  }
  const typed = await submit(social, await tokenOf(social, "emil", {}), {
    kind: "registration",
    body: { traits: { email: "emil@example.org" } },
  });
  assert.equal(typed.body.identity.traits.email, "emil@example.org", "or brought along with the token");
});

test("no other site signs a browser in by an ID token of its own: it takes the form's token, as every submission", async (t) => {
  const social = await startSocial(t);
  const app = social.server.spa();
  const body = { method: "oidc", provider: "acme", id_token: await tokenOf(social), id_token_nonce: nonce };
  for (const kind of ["login", "registration"]) {
    const { body: flow } = await app.get(`/self-service/${kind}/browser`);
    const forged = await app.post(flow.ui.action, body);
    assert.deepEqual([forged.status, forged.body.error.id], [403, "security_csrf_violation"]);
    const stranger = social.server.spa();
    await stranger.get(`/self-service/${kind}/browser`);
    assert.equal((await stranger.post(flow.ui.action, { ...body, csrf_token: csrfTokenOf(flow) })).status, 403);
    const fromElsewhere = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    const crossing = await app.post(
      flow.ui.action,
      { ...body, csrf_token: csrfTokenOf(flow) },
      { headers: fromElsewhere },
    );
    assert.equal(crossing.status, 403);
  }
  const { body: flow } = await app.get("/self-service/login/browser");
  assert.equal((await app.post(flow.ui.action, { ...body, csrf_token: csrfTokenOf(flow) })).status, 200);
  const native = await social.server.native.get("/self-service/login/api");
  const cookies = { cookie: "ory_kratos_session=x" };
  assert.equal((await social.server.native.post(native.body.ui.action, body, { headers: cookies })).status, 400);
});

test("by gRPC an ID token signs in, and a form that asks for more is a typed detail of the error", async (t) => {
  const social = await startSocial(t);
  const { login, registration } = createPublicClients(createGrpcTransport({ baseUrl: social.server.publicUrl }));
  const submission = async (subject: string, claims: Json) => ({
    method: {
      case: "oidc" as const,
      value: { provider: "acme", idToken: await tokenOf(social, subject, claims), idTokenNonce: nonce },
    },
  });
  const begin = async () => (await login.createNativeLoginFlow({})).flow!.id;
  const { session, sessionToken } = await login.updateLoginFlow({
    flow: await begin(),
    submission: await submission("ada", ada),
  });
  assert.match(sessionToken!, /^ory_st_/);
  assert.equal(session!.identity!.traits!["email"], "ada@example.org");

  const failing = async (subject: string, claims: Json) =>
    login
      .updateLoginFlow({ flow: await begin(), submission: await submission(subject, claims) })
      .then(() => assert.fail("it went well"), OstiaryError.from);
  const asked = await failing("cleo", {});
  assert.ok(asked.is(ErrorReason.SUBMISSION_REJECTED), asked.message);
  assert.equal(asked.flow!.$typeName, "ostiary.type.v1.RegistrationFlow");
  const done = await registration.updateRegistrationFlow({
    flow: asked.flow!.id,
    submission: { method: { case: "oidc", value: { provider: "acme", traits: { email: "cleo@example.org" } } } },
  });
  assert.match(done.sessionToken!, /^ory_st_/);
  assert.ok((await failing("ada", { ...ada, nonce: "another" })).is(ErrorReason.UPSTREAM));
});

for (const dialect of databases)
  test(`a browser that comes back at one server signs a client of the other one in, over one database (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    const openid = await startOpenidProvider(t);
    const start = () => startServer(t, { dsn, config: socialConfig([entryOf(openid)]) });
    const [one, other] = [await start(), await start()];
    t.after(() => drop());
    openid.know({ subject: "ada", claims: ada });
    const signIn = async (begun: typeof one, ended: typeof one) => {
      const { frontend } = kratosOf(begun);
      const { data: flow } = await frontend.createNativeLoginFlow({ returnSessionTokenExchangeCode: true });
      const away = await frontend
        .updateLoginFlow({ flow: flow.id, updateLoginFlowBody: { method: "oidc", provider: "acme" } })
        .catch(({ response }) => response);
      const callback = await openid.signIn(away.data.redirect_browser_to, { subject: "ada" });
      const { status, location } = await ended.browser().get(callback);
      assert.equal(status, 303);
      const codes = {
        initCode: flow.session_token_exchange_code!,
        returnToCode: new URL(location!).searchParams.get("code")!,
      };
      const { data } = await kratosOf(ended).frontend.exchangeSessionToken(codes);
      const { data: again } = await frontend.exchangeSessionToken(codes);
      assert.equal(again.session_token, data.session_token);
      return (await frontend.toSession({ xSessionToken: data.session_token! })).data.identity!;
    };
    const made = await signIn(one, other);
    assert.equal(made.traits.email, "ada@example.org");
    assert.equal((await signIn(other, one)).id, made.id);
  });

test("tokens of Google and Apple are judged by their rules, and refused by 403", async (t) => {
  const openid = await startOpenidProvider(t);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const apple = {
    apple_team_id: "TEAM",
    apple_private_key_id: "KEY",
    apple_private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    client_secret: undefined,
  };
  const server = await startServer(t, {
    config: socialConfig([
      entryOf(openid, { id: "google", provider: "google", issuer_url: undefined }),
      entryOf(openid, { id: "apple", provider: "apple", issuer_url: undefined, ...apple }),
    ]),
    // Both publish keys where nobody comes from a test.
    rewriteUrl: (url) => (/\/(certs|keys)$/.test(new URL(url).pathname) ? `${openid.issuer}/jwks` : url),
  });
  const send = async (provider: string, idToken: string, body = {}) =>
    (await submit({ server }, idToken, { body: { provider, ...body } })).status;
  const google = (claims: Json, issuer = "https://accounts.google.com") => idTokenOf(issuer, "ada", { claims });
  const bare = { id_token_nonce: undefined };
  assert.equal(await send("google", await google(ada), bare), 200, "not all of its SDKs know a nonce");
  assert.equal(await send("google", await google({ ...ada, nonce })), 200);
  assert.equal(await send("google", await google({ ...ada, azp: "phones" }, "accounts.google.com")), 200);
  assert.equal(await send("google", await google({ ...ada, nonce }), bare), 502);
  for (const wrong of [
    await google({ ...ada, aud: "somebody" }),
    await google(ada, "https://appleid.apple.com"),
    await google({ ...ada, exp: 1 }),
    "a.b.c",
  ])
    assert.equal(await send("google", wrong), 403);
  const bob = { email: "bob@example.org" };
  const fromApple = (claims: Json) => idTokenOf("https://appleid.apple.com", "bob", { claims });
  assert.equal(await send("apple", await fromApple({ ...bob, nonce_supported: true }), bare), 502);
  assert.equal(await send("apple", await fromApple({ ...bob, nonce, nonce_supported: true })), 200);
  assert.equal(await send("apple", await fromApple({ ...bob, nonce_supported: false }), bare), 200);
  assert.equal(await send("apple", await fromApple({ ...bob, aud: "somebody" })), 403);
});
