import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf, messageIds } from "../../support/client.ts";
import type { Client } from "../../support/client.ts";
import { hook, startTarget } from "../../support/hook-target.ts";
import { atOnce, password, submitIn } from "../../support/person.ts";
import { entryOf, leave, signInBy, startSocial, withProvider } from "../../support/social.ts";
import { startOpenidProvider } from "../../support/openid-provider.ts";

const ada = { subject: "ada", claims: { email: "ada@example.org" } };
const page = (url: string) => new URL(url);
const html = { accept: "text/html" };
const whoami = async (client: Client) => (await client.get("/sessions/whoami", { accept: "application/json" })).body;

test("who says no at the provider is told so by the form, and may try again", async (t) => {
  const { server, openid } = await startSocial(t);
  const app = server.spa();
  const { body: flow } = await app.get("/self-service/login/browser");
  const submission = { provider: "acme", csrf_token: csrfTokenOf(flow) };
  const { body: away } = await app.post(flow.ui.action, submission);
  const back = await openid.signIn(away.redirect_browser_to, { ...ada, deny: "consent" });
  assert.equal(page(back).searchParams.get("error"), "access_denied");
  const told = await app.get(back, html);
  assert.deepEqual([told.status, told.location], [303, `http://app.example.org/login?flow=${flow.id}`]);
  const { body: shown } = await app.get(`/self-service/login/flows?id=${flow.id}`);
  assert.deepEqual([messageIds(shown), shown.active], [[4000001], "oidc"]);
  const { body: again } = await app.post(flow.ui.action, submission);
  assert.equal((await app.get(await openid.signIn(again.redirect_browser_to, ada))).status, 200);
});

withProvider("a state is of use once, for the browser that was sent off", async ({ server, openid }) => {
  const app = server.spa();
  const back = await openid.signIn(await leave(app), ada);
  for (const stranger of [server.spa(), server.native]) assert.equal((await stranger.get(back)).status, 403);
  const answers = await atOnce(4, () => app.get(back));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403, 403, 403]);
});

test("nobody can be made to sign in as somebody else, nor to link what is somebody else's", async (t) => {
  const { server, openid } = await startSocial(t);
  const eve = server.spa();
  const back = await openid.signIn(await leave(eve), { subject: "eve", claims: { email: "eve@example.org" } });
  const victim = server.spa();
  await leave(victim);
  assert.equal((await victim.get(back)).status, 403);
  const state = page(await leave(victim)).searchParams.get("state")!;
  const mixed = page(back);
  mixed.searchParams.set("state", state);
  const { status, body } = await victim.get(mixed.href);
  assert.deepEqual(
    [status, body.error?.id],
    [502, "upstream_error"],
    "eve's code fits neither nonce nor verifier of theirs",
  );
  assert.equal((await whoami(victim)).error.code, 401);
});

test("what one provider was sent off with is not taken at the address of another", async (t) => {
  const other = await startOpenidProvider(t);
  const more = [entryOf(other, { id: "globex", label: "Globex" }), entryOf(other, { id: "shared", pkce: "force" })];
  const { server, openid } = await startSocial(t, { more });
  const app = server.spa();
  const back = page(await openid.signIn(await leave(app), ada));
  for (const path of ["callback/globex", "callback/nobody"]) {
    const { status, body } = await app.get(`/self-service/methods/oidc/${path}${back.search}`);
    assert.deepEqual([status, body.error.code], [400, 400], path);
  }
  const elsewhere = page(await openid.signIn(await leave(app), ada));
  assert.equal((await app.get(`/self-service/methods/oidc/callback${elsewhere.search}`)).status, 400);
  const third = page(await openid.signIn(await leave(app), ada));
  third.searchParams.set("iss", other.issuer);
  assert.equal((await app.get(third.href)).status, 400, "RFC 9207");
  const fourth = page(await openid.signIn(await leave(app), ada));
  fourth.searchParams.append("code", "another");
  assert.equal((await app.get(fourth.href)).status, 400, "what was sent twice has two meanings");
  for (const state of ["", "nonsense"])
    assert.equal((await app.get(`/self-service/methods/oidc/callback/acme?code=x&state=${state}`)).status, 400);
  assert.equal((await whoami(app)).error.code, 401);
});

test("people come back by the address that their provider was told", async (t) => {
  const other = await startOpenidProvider(t);
  const organization = "3f0c1f5a-0a4b-4a0e-9d36-0f6a3c2b1d00";
  const more = [
    entryOf(other, { id: "shared", pkce: "force" }),
    entryOf(other, { id: "staff", organization_id: organization }),
  ];
  const { server } = await startSocial(t, { more });
  const come = async (provider: string, query = "") => {
    const app = server.spa();
    const url = page(await leave(app, "login", { provider }, query));
    const back = await other.signIn(url.href, { subject: provider, claims: { email: `${provider}@example.org` } });
    assert.equal((await app.get(back)).status, 200, back);
    const [method] = (await whoami(app)).authentication_methods;
    return [page(back).pathname.replace("/self-service/methods/oidc/", ""), method.organization];
  };
  assert.deepEqual(await come("shared"), ["callback", undefined]);
  const own = [`organization/${organization}/callback/staff`, organization];
  assert.deepEqual(await come("staff", `?organization=${organization}`), own);
});

test("base_redirect_uri says where that is", async (t) => {
  const config = {
    selfservice: { methods: { oidc: { config: { base_redirect_uri: "https://login.example.org/id/" } } } },
  };
  const { server } = await startSocial(t, { config });
  const told = page(await leave(server.spa())).searchParams.get("redirect_uri");
  assert.equal(told, "https://login.example.org/id/self-service/methods/oidc/callback/acme");
});

test("a form that the provider has the browser post comes with the browser's cookies by a redirect", async (t) => {
  const { server, openid } = await startSocial(t);
  const app = server.spa();
  const url = page(await leave(app));
  url.searchParams.set("response_mode", "form_post");
  const { url: action, form } = await openid.signInByForm(url.href, ada);
  const posted = await server.native.send("POST", action, { form });
  assert.equal(posted.status, 302);
  const led = page(posted.location!);
  assert.equal(`${led.origin}${led.pathname}`, action);
  assert.equal((await app.get(led.href)).status, 200);
  assert.equal((await whoami(app)).identity.traits.email, "ada@example.org");
});

test("who has signed in meanwhile goes where the flow was to lead", async (t) => {
  const { server, openid } = await startSocial(t);
  const app = server.spa();
  const query = `?return_to=${encodeURIComponent("http://app.example.org/there")}`;
  for (const kind of ["login", "registration"]) {
    const back = await openid.signIn(await leave(app, kind, {}, query), ada);
    const signedIn = [...app.cookies];
    await app.get(await openid.signIn(await leave(app), ada));
    for (const [name, value] of signedIn) app.cookies.set(name, value);
    const led = await app.get(back, html);
    assert.deepEqual([led.status, led.location], [303, "http://app.example.org/there"]);
    app.cookies.clear();
  }
});

test("nothing that comes along on the way back sends a browser anywhere else", async (t) => {
  const { server, openid } = await startSocial(t);
  const forbidden = `?return_to=${encodeURIComponent("https://evil.example/")}`;
  assert.equal((await server.spa().get(`/self-service/login/browser${forbidden}`)).status, 400);
  for (const kind of ["login", "registration"]) {
    const app = server.spa();
    const back = page(await openid.signIn(await leave(app, kind), ada));
    for (const name of ["return_to", "redirect_uri", "redirect_to"])
      back.searchParams.set(name, "https://evil.example/");
    const { status, location } = await app.get(back.href, html);
    assert.deepEqual([status, location], [303, "http://app.example.org/"]);
  }
});

test("a state that somebody has tampered with, or that is of another flow or tenant, is of no use", async (t) => {
  const { server, openid } = await startSocial(t);
  const app = server.spa();
  const [first, second] = [page(await leave(app)), page(await leave(app))];
  const state = first.searchParams.get("state")!;
  const flipped = `${state.slice(0, 40)}${state[40] === "A" ? "B" : "A"}${state.slice(41)}`;
  const come = (sent: string) => app.get(`/self-service/methods/oidc/callback/acme?code=x&state=${sent}`);
  for (const wrong of [flipped, state.slice(0, -4), `${state}AAAA`, `${state}&state=${state}`])
    assert.equal((await come(wrong)).status, 400, wrong);
  // The code of one sign-in with the state of another one of the same browser.
  const back = page(await openid.signIn(first.href, ada));
  back.searchParams.set("state", second.searchParams.get("state")!);
  assert.equal((await app.get(back.href, { accept: "application/json" })).status, 502);
  assert.equal((await whoami(app)).error.code, 401);
});

test("a provider that is out of order is an error, by its page in a browser that navigates", async (t) => {
  const { server, openid } = await startSocial(t);
  openid.answer("with 503");
  const { body: flow } = await server.native.get("/self-service/login/api");
  const before = await server.native.post(flow.ui.action, { provider: "acme" });
  assert.deepEqual([before.status, before.body.error.id], [502, "upstream_error"]);
  openid.answer("as usual");
  const app = server.spa();
  const back = await openid.signIn(await leave(app), ada);
  openid.answer("with 503");
  const { status, body } = await app.get(back);
  assert.deepEqual([status, body.error.id], [502, "upstream_error"]);
  const browser = server.spa();
  openid.answer("as usual");
  const late = await openid.signIn(await leave(browser), ada);
  openid.answer("with 503");
  const led = await browser.get(late, html);
  assert.deepEqual([led.status, page(led.location!).pathname], [303, "/error"]);
});

test("what was sent along on the way out is told to hooks on the way back, of sign-ups, sign-ins and links", async (t) => {
  const { url, called } = await startTarget(t);
  const oidc = { hooks: [hook(url, {}, "function(ctx) { sent: ctx.flow.transient_payload }")] };
  const flows = {
    registration: { after: { oidc: { hooks: [...oidc.hooks, { hook: "session" }] } } },
    login: { after: { oidc } },
    settings: { after: { oidc } },
  };
  const { server, openid } = await startSocial(t, { config: { selfservice: { flows } } });
  const told: unknown[] = [];
  for (const [kind, from] of [
    ["registration", "sign-up"],
    ["login", "sign-in"],
  ] as const) {
    const answer = await signInBy(openid, server.spa(), ada, { kind, body: { transient_payload: { from } } });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    told.push({ sent: { from } });
  }
  await server.createPerson({ email: "pat@example.org", password });
  const app = server.spa();
  await submitIn(app, "login", { method: "password", identifier: "pat@example.org", password });
  const body = { transient_payload: { from: "link" } };
  const eve = { subject: "eve", claims: {} };
  assert.equal((await signInBy(openid, app, eve, { kind: "settings", body })).status, 200);
  assert.deepEqual(
    called.map(({ body: text }) => JSON.parse(text)),
    [...told, { sent: { from: "link" } }],
  );
});
