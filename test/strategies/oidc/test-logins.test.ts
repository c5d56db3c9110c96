import assert from "node:assert/strict";
import { test } from "node:test";
import { toJson } from "@bufbuild/protobuf";
import { UiNodeAttributesSchema } from "#gen/ostiary/type/v1/ui_pb.js";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createAdminClients, ErrorReason, OstiaryError } from "../../../sdk/index.js";
import { csrfTokenOf } from "../../support/client.ts";
import type { Client, Json } from "../../support/client.ts";
import { nodeNames } from "../../support/keys.ts";
import { password } from "../../support/person.ts";
import { entryOf, program, signInBy, startSocial, usualMapper, withProvider } from "../../support/social.ts";
import { startOpenidProvider } from "../../support/openid-provider.ts";
import type { SigningIn } from "../../support/openid-provider.ts";
import { onTwoServers } from "../../support/servers.ts";
import { makeTenant } from "../../tenants/world.ts";
import type { TenantWorld } from "../../tenants/world.ts";
import type { Social } from "../../support/social.ts";

const ada: SigningIn = {
  subject: "ada",
  claims: { email: "ada@example.org", email_verified: true, given_name: "Ada" },
};

/** Begins a test by the admin API, as a console does. */
async function begin({ server }: Social, provider = "acme"): Promise<Json> {
  const { status, body } = await server.adminClient.post("/admin/test-login-flows", { provider_id: provider });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** Presses the button of a test, in this browser; answers where the provider is. */
async function press(browser: Client, flow: Json): Promise<string> {
  const answer = await browser.post(flow.ui.action, { csrf_token: csrfTokenOf(flow), provider: "acme" });
  assert.equal(answer.status, 422, JSON.stringify(answer.body));
  return answer.body.redirect_browser_to;
}

const look = (browser: Client, { id }: Json) => browser.get(`/self-service/login/flows?id=${id}`);

/** Runs a whole test in a new browser; answers what its page is told. */
async function testLogin(social: Social, person: SigningIn): Promise<{ browser: Client; flow: Json; told: Json }> {
  const flow = await begin(social);
  const browser = social.server.spa();
  const back = await social.openid.signIn(await press(browser, flow), person);
  const { status, location } = await browser.get(back, { accept: "text/html" });
  assert.equal(status, 303);
  assert.equal(location, `http://id.example.org/session/test-oidc?flow=${flow.id}`);
  const { body } = await look(browser, flow);
  assert.equal(body.state, "passed_challenge");
  return { browser, flow, told: body.test_context.debug_payload };
}

withProvider("a test login shows what a provider says and what becomes of it, and signs nobody in", async (social) => {
  const { server } = social;
  const { browser, flow, told } = await testLogin(social, ada);
  assert.deepEqual(nodeNames(flow), ["csrf_token", "provider"]);
  const { id_token_claims: claims, jsonnet_input: input, jsonnet_output: output, ...rest } = told;
  assert.equal(claims.sub, "ada");
  assert.equal(claims.email, "ada@example.org");
  assert.deepEqual(input, claims);
  assert.deepEqual(output.identity.traits, { email: "ada@example.org", name: { first: "Ada" } });
  assert.deepEqual(rest, { jsonnet_mapper_url: program(usualMapper), account_linking: { outcome: "none" } });
  assert.equal((await browser.get("/sessions/whoami")).status, 401);
  assert.deepEqual((await server.adminClient.get("/admin/identities")).body, []);
});

withProvider("the result is for the browser that came back from the provider, and stays as it is", async (social) => {
  const { server, openid } = social;
  const { browser, flow } = await testLogin(social, ada);
  const stranger = server.spa();
  for (const answer of [await look(stranger, flow), await stranger.delete(`/self-service/login/test?id=${flow.id}`)])
    assert.equal(answer.status, 403);
  const again = { csrf_token: csrfTokenOf(flow), provider: "acme" };
  assert.equal((await stranger.post(flow.ui.action, again)).status, 403, "nor can it be taken over");
  assert.equal((await browser.post(flow.ui.action, again)).status, 400, "nor begun again");
  const { headers, body } = await look(browser, flow);
  assert.match(headers.get("cache-control")!, /no-store/);
  assert.equal(body.test_context.debug_payload.id_token_claims.sub, "ada");
  assert.equal((await browser.delete(`/self-service/login/test?id=${flow.id}`)).status, 204);
  assert.equal((await look(browser, flow)).status, 404);
  assert.equal((await signInBy(openid, server.spa(), ada)).status, 200, "signing in is as it was");
});

test("whatever goes wrong is the result", async (t) => {
  const social = await startSocial(t);
  const { openid } = social;
  const { told: denied } = await testLogin(social, { ...ada, deny: "consent" });
  assert.deepEqual([denied.error.step, denied.error.reason], ["provider_denied", "access_denied"]);
  assert.match(denied.error.message, /denied/);
  const { told: nameless } = await testLogin(social, { subject: "eve", claims: { given_name: "E" } });
  assert.deepEqual([nameless.error.step, nameless.error.reason], ["schema_validate", "traits_invalid"]);
  assert.deepEqual(nameless.schema_validation_errors.map(({ path }: Json) => path).sort(), [
    "/traits/email",
    "/traits/name/first",
  ]);
  const flow = await begin(social);
  const browser = social.server.spa();
  const back = await openid.signIn(await press(browser, flow), ada);
  openid.answer("with 503");
  assert.equal((await browser.get(back, { accept: "text/html" })).status, 303);
  const { error } = (await look(browser, flow)).body.test_context.debug_payload;
  assert.deepEqual([error.step, error.reason], ["token_exchange", "exchange_failed"]);
});

test("a mapper that fails is told of with its line, and with what it was given", async (t) => {
  const social = await startSocial(t, { entry: { mapper_url: program(`\nerror "no way in"`) } });
  const { told } = await testLogin(social, ada);
  assert.deepEqual([told.error.step, told.error.reason], ["jsonnet_run", "evaluation_failed"]);
  assert.match(told.error.message, /line 2.*no way in/);
  assert.equal(told.id_token_claims.sub, "ada");
  const without = await startSocial(t, { entry: { mapper_url: program("{ identity: { traits: [] } }") } });
  const { error, jsonnet_output: output } = (await testLogin(without, ada)).told;
  assert.deepEqual([error.step, error.reason], ["jsonnet_run", "invalid_traits"]);
  assert.deepEqual(output, { identity: { traits: [] } });
});

test("a test asks for the provider that it is of, whoever is signed in, and in whichever browser has its form", async (t) => {
  const social = await startSocial(t);
  const { server, openid } = social;
  const signedIn = server.spa();
  assert.equal((await signInBy(openid, signedIn, ada)).status, 200);
  const flow = await begin(social);
  const url = new URL(await press(signedIn, flow));
  assert.equal(url.searchParams.get("prompt"), "login");
  const stranger = server.spa();
  const forged = await stranger.post(flow.ui.action, {
    csrf_token: csrfTokenOf(await begin(social)),
    provider: "acme",
  });
  assert.equal(forged.status, 403, "the token of another test is of no use");
  const later = new URL(await press(stranger, flow));
  const first = await openid.signIn(url.href, ada);
  assert.equal((await signedIn.get(first, { accept: "application/json" })).status, 403, "the last browser has it");
  assert.equal((await stranger.get(await openid.signIn(later.href, ada), { accept: "text/html" })).status, 303);
  assert.equal((await look(signedIn, flow)).status, 403);
  const [mine] = (await signedIn.get("/sessions/whoami")).body.authentication_methods;
  assert.equal(mine.provider, "acme");
});

test("there is nothing to test where there is no such provider, or the method is off", async (t) => {
  const { server } = await startSocial(t);
  for (const [id, expected] of [
    ["none", 404],
    ["", 400],
    ["x".repeat(256), 400],
  ] as const)
    assert.equal((await server.adminClient.post("/admin/test-login-flows", { provider_id: id })).status, expected);
  const off = await startSocial(t, { config: { selfservice: { methods: { oidc: { enabled: false } } } } });
  assert.equal((await off.server.adminClient.post("/admin/test-login-flows", { provider_id: "acme" })).status, 500);
});

test("a test login tells whose account somebody would sign in to, and whether they would be asked", async (t) => {
  const social = await startSocial(t, {
    entry: { account_linking_mode: "automatic" },
  });
  const { server, openid } = social;
  const linking = async () => (await testLogin(social, ada)).told.account_linking;
  const { id } = await server.createPerson({ email: "ada@example.org", password });
  const asked = { outcome: "confirm", identifier: "ada@example.org" };
  assert.deepEqual(await linking(), { ...asked, reason: "address_not_verified" });
  const { body: before } = await server.admin("GET", `/admin/identities/${id}`);
  const verified = [{ op: "replace", path: "/verifiable_addresses/0/verified", value: true }];
  assert.equal((await server.admin("PATCH", `/admin/identities/${id}`, { json: verified })).status, 200);
  assert.deepEqual(await linking(), { outcome: "automatic" });
  assert.deepEqual((await server.admin("GET", `/admin/identities/${id}`)).body.credentials, before.credentials);
  assert.equal((await signInBy(openid, server.spa(), ada)).status, 200);
  assert.deepEqual(await linking(), { outcome: "linked" });
  const confirming = await startSocial(t);
  await confirming.server.createPerson({ email: "ada@example.org", password });
  const { told } = await testLogin(confirming, ada);
  assert.deepEqual(told.account_linking, { ...asked, reason: "not_automatic" });
});

onTwoServers(
  "a test that is begun by gRPC at one server goes on at the other, and in no other tenant",
  async (one, other, t) => {
    const openid = await startOpenidProvider(t);
    const config = { selfservice: { methods: { oidc: { enabled: true, config: { providers: [entryOf(openid)] } } } } };
    const [acme, globex] = [await makeTenant(one, "acme", config), await makeTenant(one, "globex", config)];
    const { loginTest } = createAdminClients(createGrpcTransport({ baseUrl: one.adminUrl }));
    const { flow } = await loginTest.createTestLoginFlow({ test: { providerId: "acme" } }, { headers: acme.named });
    const refused = await loginTest
      .createTestLoginFlow({ test: { providerId: "none" } }, { headers: acme.named })
      .then(() => assert.fail("it went well"), OstiaryError.from);
    assert.ok(refused.is(ErrorReason.NOT_FOUND), refused.message);
    const fields = flow!.ui!.nodes.map(({ attributes }) => toJson(UiNodeAttributesSchema, attributes!) as Json);
    const token = fields.find(({ input }) => input.name === "csrf_token")!.input.value;
    const browser = other.spa();
    const within = ({ headers }: TenantWorld) => ({ headers: { ...headers, accept: "application/json" } });
    const path = `/self-service/login?flow=${flow!.id}`;
    const body = { csrf_token: token, provider: "acme" };
    assert.equal((await browser.post(path, body, within(globex))).status, 404);
    const away = await browser.post(path, body, within(acme));
    assert.equal(away.status, 422, JSON.stringify(away.body));
    const callback = new URL(await openid.signIn(away.body.redirect_browser_to, ada));
    const back = callback.pathname + callback.search;
    assert.ok((await browser.get(back, within(globex))).status >= 400);
    assert.equal((await browser.get(back, { headers: { ...acme.headers, accept: "text/html" } })).status, 303);
    const shown = `/self-service/login/flows?id=${flow!.id}`;
    assert.equal((await browser.get(shown, within(globex))).status, 404);
    const { body: result } = await browser.get(shown, within(acme));
    assert.equal(result.test_context.debug_payload.id_token_claims.sub, "ada");
  },
  {},
);
