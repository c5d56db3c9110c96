import assert from "node:assert/strict";
import { test } from "node:test";
import { messageIds } from "../../support/client.ts";
import type { Json } from "../../support/client.ts";
import type { OpenidProvider } from "../../support/openid-provider.ts";
import { begin, nodeOf, password, signedIn, signInNatively, submit } from "../../support/person.ts";
import type { Person } from "../../support/person.ts";
import type { TestServer } from "../../support/server.ts";
import { startSocial, withProvider } from "../../support/social.ts";

const ada = { subject: "ada", claims: { email: "ada@example.org", email_verified: true, given_name: "Ada" } };
const eve = { subject: "eve", claims: { email: "eve@example.org", email_verified: true, given_name: "Eve" } };
const home = "myapp://home/";
const config = { selfservice: { allowed_return_urls: [home] } };
const returnTo = `return_to=${encodeURIComponent(home)}`;
const exchanging = `?return_session_token_exchange_code=true&${returnTo}`;

/** A native client submits what sends its person to the provider: where that is. */
async function leave(server: TestServer, flow: Json, body: object, headers = {}): Promise<string> {
  const away = await submit(server, flow, { method: "oidc", ...body }, headers);
  assert.equal(away.status, 422, JSON.stringify(away.body));
  return away.body.redirect_browser_to;
}

/** The browser of the system goes to the provider and comes back: what it brings home to the app. */
async function back(server: TestServer, openid: OpenidProvider, url: string, person: object = ada) {
  const { status, location } = await server.browser().get(await openid.signIn(url, person as typeof ada));
  assert.equal(status, 303);
  assert.ok(location!.startsWith(home), location!);
  const { searchParams } = new URL(location!);
  return { code: searchParams.get("code")!, flow: searchParams.get("flow") };
}

const linkedWith = async (server: TestServer, id: string): Promise<string[]> =>
  (await server.admin("GET", `/admin/identities/${id}`)).body.credentials.oidc?.identifiers ?? [];

const whoami = async (server: TestServer, token: string): Promise<Json> =>
  (await server.native.get("/sessions/whoami", { headers: { "x-session-token": token } })).body;

const collect = (server: TestServer, { session_token_exchange_code: init }: Json, code: string) =>
  server.native.get(`/sessions/token-exchange?init_code=${init}&return_to_code=${code}`);

/** Begins settings in an app, and is sent to the provider. */
async function beginLink(server: TestServer, { headers }: Person) {
  const flow = await begin(server, "settings", headers, `?${returnTo}`);
  return { flow, url: await leave(server, flow, { link: "acme" }, headers) };
}

withProvider(
  "an app links an account by what its browser brings home, once",
  async ({ server, openid }) => {
    const person = await signedIn(server);
    const { flow, url } = await beginLink(server, person);
    const { code, flow: id } = await back(server, openid, url);
    assert.equal(id, flow.id);
    assert.deepEqual(await linkedWith(server, person.id), [], "nothing has happened yet");
    const finish = (return_to_code: string, body = {}) =>
      submit(server, flow, { method: "oidc", link: "acme", return_to_code, ...body }, person.headers);
    const refused = await finish("x".repeat(64));
    assert.deepEqual([refused.status, messageIds(refused.body)], [400, [4000001]]);
    const done = await finish(code, { transient_payload: {} });
    assert.deepEqual([done.status, done.body.state], [200, "success"], JSON.stringify(done.body));
    assert.deepEqual(await linkedWith(server, person.id), ["acme:ada"]);
    assert.equal((await submit(server, flow, { method: "oidc", unlink: "acme" }, person.headers)).status, 200);
    assert.equal((await finish(code)).status, 400);
    assert.deepEqual(await linkedWith(server, person.id), []);
  },
  { config },
);

withProvider(
  "nobody links the account of somebody else by sending them to the provider, whatever codes they know",
  async ({ server, openid }) => {
    const person = await signedIn(server, "mallory@example.org");
    const { flow, url } = await beginLink(server, person);
    const { code: known } = await back(server, openid, url, eve);
    const again = await leave(server, flow, { link: "acme" }, person.headers);
    await back(server, openid, again, ada);
    const refused = await submit(server, flow, { method: "oidc", link: "acme", return_to_code: known }, person.headers);
    assert.equal(refused.status, 400);
    assert.deepEqual(await linkedWith(server, person.id), []);
  },
  { config },
);

test("an app that is told no at the provider, or comes back late, is told so by its flow", async (t) => {
  const { server, openid } = await startSocial(t, { config });
  const person = await signedIn(server);
  const { flow, url } = await beginLink(server, person);
  const { code, flow: id } = await back(server, openid, url, { ...ada, deny: "consent" });
  assert.deepEqual([code, id], [null, flow.id]);
  const shown = await server.native.get(`/self-service/settings/flows?id=${id}`, { headers: person.headers });
  assert.deepEqual(messageIds(shown.body), [4000001]);
  const late = await leave(server, flow, { link: "acme" }, person.headers);
  const callback = await openid.signIn(late, ada);
  server.advance(61 * 60_000);
  const { location } = await server.browser().get(callback);
  assert.equal(location, `${home}?flow=${flow.id}`);
});

test("an app confirms who somebody is by their provider, in the session that they have", async (t) => {
  const { server, openid } = await startSocial(t, { config });
  const login = await begin(server, "login", {}, exchanging);
  const { code } = await back(server, openid, await leave(server, login, { provider: "acme" }));
  const first = (await collect(server, login, code)).body;
  server.advance(60_000);
  const headers = { "x-session-token": first.session_token };
  const flow = await begin(server, "login", headers, `?refresh=true&${returnTo}`);
  const url = await leave(server, flow, { provider: "acme" }, headers);
  const { code: confirming } = await back(server, openid, url);
  const before = await whoami(server, first.session_token);
  assert.equal(before.authenticated_at, first.session.authenticated_at, "nothing has happened yet");
  const { status, body } = await submit(
    server,
    flow,
    { method: "oidc", provider: "acme", return_to_code: confirming },
    headers,
  );
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.session.id, first.session.id);
  assert.ok(body.session.authenticated_at > before.authenticated_at);
  assert.equal(body.session.authentication_methods.length, 2);
});

withProvider(
  "whoever has an account by its address signs in to it in the app, and by the provider from then on",
  async ({ server, openid }) => {
    const { id } = await server.createPerson({ email: "ada@example.org", password });
    for (const query of [exchanging, `?${returnTo}`]) {
      const login = await begin(server, "login", {}, query);
      const { code, flow } = await back(server, openid, await leave(server, login, { provider: "acme" }));
      const asked =
        query === exchanging
          ? (await collect(server, login, code)).body
          : (await submit(server, login, { method: "oidc", provider: "acme", return_to_code: code }, {})).body;
      assert.deepEqual([asked.active, messageIds(asked)], ["oidc", [1010016]], JSON.stringify(asked));
      if (query === exchanging) assert.equal(asked.id, flow);
      assert.equal(nodeOf(asked, "identifier").attributes.value, "ada@example.org");
      const proof = { method: "password", identifier: "ada@example.org", password };
      assert.equal((await submit(server, asked, { ...proof, password: "not hers" }, {})).status, 400);
      const { status, body } = await submit(server, asked, proof, {});
      assert.equal(status, 200, JSON.stringify(body));
      const { authentication_methods: methods } = await whoami(server, body.session_token);
      assert.deepEqual(
        methods.map(({ method }: Json) => method),
        ["password", "oidc"],
      );
      assert.deepEqual(await linkedWith(server, id), ["acme:ada"]);
      const settings = await begin(server, "settings", { "x-session-token": body.session_token });
      const freed = { method: "oidc", unlink: "acme" };
      await submit(server, settings, freed, { "x-session-token": body.session_token });
    }
  },
  { config },
);

test("nobody fills in, for somebody whom they send to the provider, what registration still lacks", async (t) => {
  const { server, openid } = await startSocial(t, { config });
  const mute = { subject: "mute", claims: {} };
  const flow = await begin(server, "registration", {}, exchanging);
  const { flow: told } = await back(server, openid, await leave(server, flow, { provider: "acme" }), mute);
  assert.notEqual(told, flow.id, "who is at home with the browser goes on in a flow that nobody else knows");
  const traits = { email: "mute@example.org", name: { first: "Mute" } };
  const mallory = await submit(server, flow, { method: "oidc", provider: "acme", traits }, {});
  assert.equal(mallory.status, 422, "off to the provider");
  const { body: form } = await server.native.get(`/self-service/registration/flows?id=${told}`);
  assert.deepEqual([form.active, nodeOf(form, "provider").meta.label.id], ["oidc", 1040003]);
  const { status, body } = await submit(server, form, { method: "oidc", provider: "acme", traits }, {});
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual((await whoami(server, body.session_token)).identity.traits, traits);
});

withProvider(
  "an app links for somebody with a second factor once that is proved, in the session that waits for it",
  async ({ server, openid }) => {
    const { id, headers } = await signedIn(server, "ada@example.org");
    const codes = await secretsOf(server, headers);
    const login = await begin(server, "login", {}, exchanging);
    const { code } = await back(server, openid, await leave(server, login, { provider: "acme" }));
    const asked = (await collect(server, login, code)).body;
    const proof = { method: "password", identifier: "ada@example.org", password };
    const first = await submit(server, asked, proof, {});
    assert.equal(first.status, 200, JSON.stringify(first.body));
    const prove = async (session: Person["headers"], secret: string) => {
      const flow = await begin(server, "login", session, "?aal=aal2");
      return submit(server, flow, { method: "lookup_secret", lookup_secret: secret }, session);
    };
    assert.deepEqual(await linkedWith(server, id), [], "nothing is linked yet");
    const elsewhere = await prove(await signInNatively(server, "ada@example.org"), codes[0]!);
    assert.equal(elsewhere.status, 200, JSON.stringify(elsewhere.body));
    assert.deepEqual(await linkedWith(server, id), [], "another session links nothing");
    const done = await prove({ "x-session-token": first.body.session_token }, codes[1]!);
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.deepEqual(await linkedWith(server, id), ["acme:ada"]);
  },
  {
    config: {
      session: { whoami: { required_aal: "highest_available" } },
      selfservice: { ...config.selfservice, methods: { lookup_secret: { enabled: true } } },
    },
  },
);

/** Sets up backup codes, and answers them. */
async function secretsOf(server: TestServer, headers: Person["headers"]): Promise<string[]> {
  const flow = await begin(server, "settings", headers);
  const made = await submit(server, flow, { method: "lookup_secret", lookup_secret_regenerate: true }, headers);
  assert.equal(made.status, 200, JSON.stringify(made.body));
  await submit(server, flow, { method: "lookup_secret", lookup_secret_confirm: true }, headers);
  return nodeOf(made.body, "lookup_secret_codes").attributes.text.context.secrets.map(
    ({ context }: Json) => context.secret,
  );
}
