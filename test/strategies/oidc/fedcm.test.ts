import assert from "node:assert/strict";
import { test } from "node:test";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createPublicClients, ErrorReason, OstiaryError } from "../../../sdk/index.js";
import { messageIds } from "../../support/client.ts";
import type { Client, Json } from "../../support/client.ts";
import { idTokenOf, providerKeys } from "../../support/id-token.ts";
import { site, startOpenidProvider } from "../../support/openid-provider.ts";
import { startServer } from "../../support/server.ts";
import { onTwoServers } from "../../support/servers.ts";
import { entryOf, program, socialConfig, startSocial, usualMapper, withProvider } from "../../support/social.ts";
import type { Social } from "../../support/social.ts";
import { startStandIns } from "../../support/stand-ins.ts";
import { makeTenant } from "../../tenants/world.ts";
import type { TenantWorld } from "../../tenants/world.ts";

const entry = { fedcm_config_url: "https://acme.example/fedcm.json" };
const claims = { email: "ada@example.org", email_verified: true, given_name: "Ada" };

const ask = async (browser: Client): Promise<Json> => (await browser.get("/self-service/fed-cm/parameters")).body;
const give = (browser: Client, body: object) => browser.post("/self-service/fed-cm/token", body);

/** What Acme gives a browser that asks with this nonce. */
const tokenOf = ({ openid }: Social, nonce: string | undefined, subject = "ada") =>
  idTokenOf(openid.issuer, subject, { claims: { ...claims, ...(nonce && { nonce }) } });

withProvider(
  "a browser asks a provider by itself: its person is signed up, and signed in from then on",
  async (social) => {
    const people: string[] = [];
    for (const _ of ["once", "again"]) {
      const browser = social.server.spa();
      const { providers, csrf_token } = await ask(browser);
      const [{ nonce, ...provider }, ...others] = providers;
      assert.deepEqual(others, []);
      assert.deepEqual(provider, {
        config_url: entry.fedcm_config_url,
        client_id: "site",
        parameters: { nonce },
      });
      const { status, body } = await give(browser, { csrf_token, nonce, token: await tokenOf(social, nonce) });
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.session_token, undefined);
      const { identity, authentication_methods } = (await browser.get("/sessions/whoami")).body;
      assert.equal(identity.traits.email, "ada@example.org");
      assert.equal(authentication_methods[0].provider, "acme");
      people.push(identity.id);
    }
    assert.equal(new Set(people).size, 1);
  },
  { entry },
);

test("a browser that navigates goes on as after every sign-in", async (t) => {
  const social = await startSocial(t, { entry });
  const browser = social.server.browser();
  const { providers, csrf_token } = (await browser.get("/self-service/fed-cm/parameters", { accept: "*/*" })).body;
  const [{ nonce }] = providers;
  const form = { csrf_token, nonce, token: await tokenOf(social, nonce) };
  const { status, location } = await browser.send("POST", "/self-service/fed-cm/token", { form });
  assert.deepEqual([status, location], [303, "http://app.example.org/"]);
});

test("a token is of use in the browser that has asked for it, for an hour, and with its nonce", async (t) => {
  const social = await startSocial(t, { entry });
  const { server } = social;
  const browser = server.spa();
  const { providers, csrf_token } = await ask(browser);
  const [{ nonce }] = providers;
  const token = await tokenOf(social, nonce);
  const stranger = server.spa();
  const theirs = await ask(stranger);
  const refusals: [Client, object, number][] = [
    [stranger, { csrf_token, nonce, token }, 403],
    [browser, { nonce, token }, 403],
    [browser, { csrf_token: theirs.csrf_token, nonce, token }, 403],
    [stranger, { csrf_token: theirs.csrf_token, nonce, token }, 400],
    [browser, { csrf_token, token }, 400],
    [browser, { csrf_token, nonce }, 400],
    [browser, { csrf_token, nonce: `${nonce}x`, token }, 400],
    // A token that somebody else has got, in a browser that has asked for one too.
    [stranger, { csrf_token: theirs.csrf_token, nonce: theirs.providers[0].nonce, token }, 502],
    [browser, { csrf_token, nonce, token: await tokenOf(social, undefined) }, 502],
  ];
  for (const [at, [client, body, expected]] of refusals.entries())
    assert.equal((await give(client, body)).status, expected, `refusal ${at}`);
  server.advance(3_600_001);
  assert.equal((await give(browser, { csrf_token, nonce, token })).status, 400);
});

test("providers that are not asked by FedCM are not listed, nor may one take the place of another", async (t) => {
  const social = await startSocial(t);
  assert.deepEqual((await ask(social.server.spa())).providers, []);
  const both = await startSocial(t, {
    entry,
    more: [entryOf(social.openid, { id: "other", fedcm_config_url: "https://other.example/fedcm.json" })],
  });
  const browser = both.server.spa();
  const { providers, csrf_token } = await ask(browser);
  const [acme, other] = providers;
  const { status } = await give(browser, { csrf_token, nonce: other.nonce, token: await tokenOf(both, acme.nonce) });
  assert.equal(status, 502);
});

test("whoever lacks something that Acme does not tell goes on at the form for it", async (t) => {
  const social = await startSocial(t, { entry });
  const browser = social.server.spa();
  const { providers, csrf_token } = await ask(browser);
  const [{ nonce }] = providers;
  const token = await idTokenOf(social.openid.issuer, "eve", { claims: { nonce } });
  const { status, body } = await give(browser, { csrf_token, nonce, token });
  assert.equal(status, 422, JSON.stringify(body));
  const next = new URL(body.redirect_browser_to);
  assert.equal(next.pathname, "/registration");
  const { body: form } = await browser.get(`/self-service/registration/flows?id=${next.searchParams.get("flow")}`);
  assert.ok(messageIds(form).includes(4000002), JSON.stringify(form.ui));
});

onTwoServers(
  "a browser asks at one server and signs in at the other, and in no other tenant",
  async (one, other, t) => {
    const openid = await startOpenidProvider(t);
    const entries = [entryOf(openid, entry)];
    const config = { selfservice: { methods: { oidc: { enabled: true, config: { providers: entries } } } } };
    const [acme, globex] = [await makeTenant(one, "acme", config), await makeTenant(one, "globex", config)];
    const browser = one.spa();
    const { body } = await browser.get("/self-service/fed-cm/parameters", { headers: acme.headers });
    const [{ nonce }] = body.providers;
    const token = await tokenOf({ openid } as Social, nonce);
    const { body: theirs } = await browser.get("/self-service/fed-cm/parameters", { headers: globex.headers });
    const elsewhere = other.spa();
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);
    const sent = { csrf_token: body.csrf_token, nonce, token };
    const headers = (tenant: TenantWorld) => ({ headers: { ...tenant.headers, accept: "application/json" } });
    assert.equal((await elsewhere.post("/self-service/fed-cm/token", sent, headers(globex))).status, 403);
    const mixed = { ...sent, csrf_token: theirs.csrf_token };
    assert.equal((await elsewhere.post("/self-service/fed-cm/token", mixed, headers(globex))).status, 400);
    const { status, body: done } = await elsewhere.post("/self-service/fed-cm/token", sent, headers(acme));
    assert.equal(status, 200, JSON.stringify(done));
  },
  { config: { serve: { public: { base_url: "http://id.example.org/" } } } },
);

test("by gRPC a browser's own client asks and signs in, as its cookies say who it is", async (t) => {
  const social = await startSocial(t, { entry });
  const { fedCm, session } = createPublicClients(createGrpcTransport({ baseUrl: social.server.publicUrl }));
  let cookie = "";
  const onHeader = (headers: Headers) =>
    void (cookie = [cookie, ...headers.getSetCookie().map((one) => one.split(";")[0]!)].filter(Boolean).join("; "));
  const { providers, csrfToken } = await fedCm.createFedcmFlow({}, { onHeader });
  const { nonce } = providers[0]!;
  const submission = { csrfToken, nonce, token: await tokenOf(social, nonce) };
  const stranger = await fedCm
    .updateFedcmFlow({ submission })
    .then(() => assert.fail("it went well"), OstiaryError.from);
  assert.ok(stranger.is(ErrorReason.SECURITY_CSRF_VIOLATION), stranger.message);
  const done = await fedCm.updateFedcmFlow({ submission }, { headers: { cookie }, onHeader });
  assert.equal(done.session!.identity!.traits!["email"], "ada@example.org");
  const own = await session.toSession({}, { headers: { cookie } });
  assert.equal(own.session!.id, done.session!.id);
});

test("what a browser has got of netID is swapped for an ID token, in the name of the site", async (t) => {
  const outside = await startStandIns(t);
  const netid = {
    ...{ id: "netid", provider: "netid", fedcm_config_url: "https://broker.netid.de/fedcm.json" },
    ...{ net_id_token_origin_header: "https://site.example", mapper_url: program(usualMapper), ...site },
  };
  const server = await startServer(t, { config: socialConfig([netid]), rewriteUrl: outside.rewriteUrl });
  const browser = server.spa();
  const { providers, csrf_token } = await ask(browser);
  const [{ nonce }] = providers;
  const issuer = "https://broker.netid.de/";
  const answer = (said: string) =>
    outside.answer({
      "GET broker.netid.de/.well-known/openid-configuration": { issuer, jwks_uri: `${issuer}keys` },
      "GET broker.netid.de/keys": { keys: providerKeys.map(({ d: _, p: __, q: ___, ...key }) => key) },
      "POST broker.netid.de/token": async () => ({
        id_token: await idTokenOf(issuer, "ada", { claims: { ...claims, nonce: said } }),
      }),
    });
  answer("another");
  assert.equal((await give(browser, { csrf_token, nonce, token: "fedcm-token" })).status, 502);
  answer(nonce);
  const { status, body } = await give(browser, { csrf_token, nonce, token: "fedcm-token" });
  assert.equal(status, 200, JSON.stringify(body));
  const call = outside.got.findLast(({ to }) => to === "POST broker.netid.de/token")!;
  assert.deepEqual(Object.fromEntries(new URLSearchParams(call.body)), {
    grant_type: "netid_fedcm",
    fedcm_token: "fedcm-token",
  });
  assert.equal(call.headers.origin, "https://site.example");
});
