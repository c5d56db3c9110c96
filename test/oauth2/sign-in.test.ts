import assert from "node:assert/strict";
import { test } from "node:test";
import { caller, impersonation, supportIn } from "../access/impersonating.ts";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Client, Json } from "../support/client.ts";
import { codeSchema, encoded, mergeTrees } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { enrolAuthenticator } from "../support/enrolled.ts";
import { hook, startTarget } from "../support/hook-target.ts";
import { authorization, hydraConfig, onwards, startHydra } from "../support/hydra.ts";
import { codeIn, mailTo } from "../support/mailbox.ts";
import { password, submitIn } from "../support/person.ts";
import { runSql } from "../support/run-sql.ts";
import { startServer } from "../support/server.ts";
import { withHydra } from "../support/with-hydra.ts";
import { socialConfig, entryOf, signInBy } from "../support/social.ts";
import { startOpenidProvider } from "../support/openid-provider.ts";

const email = "ada@example.org";
const credentials = { method: "password", identifier: email, password };
const signUp = { method: "password", password, traits: { email } };

/** Opens a form of a browser's as its page does. */
async function open(browser: Client, kind: string, query: string): Promise<Json> {
  const { status, location } = await browser.get(`/self-service/${kind}/browser?${query}`);
  assert.equal(status, 303);
  const id = new URL(location!).searchParams.get("flow");
  assert.ok(id, location!);
  const { body } = await browser.get(`/self-service/${kind}/flows?id=${id}`, { accept: "application/json" });
  return body;
}

/** Submits a form as a browser does. */
const send = (browser: Client, flow: Json, fields: Record<string, string>) =>
  browser.send("POST", flow.ui.action, { form: { ...fields, csrf_token: csrfTokenOf(flow) } });

const handing = (hooks: readonly string[]): ConfigTree => ({
  selfservice: { flows: { registration: { after: { password: { hooks: hooks.map((hook) => ({ hook })) } } } } },
});

const whoami = (app: Client) => app.get("/sessions/whoami", { accept: "application/json" });

withHydra("a browser signs in for an application, and goes on there", async (server, hydra) => {
  const ada = await server.createPerson({ email, password });
  const challenge = hydra.wants();
  const browser = server.browser();
  const flow = await open(browser, "login", `login_challenge=${challenge}`);
  assert.equal(flow.oauth2_login_challenge, challenge);
  const wanted = flow.oauth2_login_request;
  assert.deepEqual(
    [wanted.challenge, wanted.client.client_name, wanted.client.metadata, wanted.requested_scope, wanted.skip],
    [challenge, "The shop", { colour: "green" }, ["openid", "email"], false],
  );
  assert.deepEqual([wanted.request_url, wanted.oidc_context.login_hint], [authorization, email]);
  assert.doesNotMatch(JSON.stringify(flow), /not-for-anybody|of_tomorrow/, "secrets of the client stay untold");
  const wrong = await send(browser, flow, { ...credentials, password: "wrong" });
  assert.equal(wrong.status, 303);
  assert.deepEqual(hydra.accepted(), []);
  const { status, location } = await send(browser, flow, credentials);
  assert.deepEqual([status, location], [303, onwards(challenge)]);
  const { body: session } = await whoami(browser);
  assert.deepEqual(hydra.accepted(), [
    {
      subject: ada.id,
      identity_provider_session_id: session.id,
      remember: true,
      remember_for: 86_400,
      amr: ["password"],
    },
  ]);
});

withHydra("a single-page app signs somebody in, and is told where their browser goes on", async (server, hydra) => {
  await server.createPerson({ email, password });
  const challenge = hydra.wants();
  const app = server.spa();
  const { body: flow } = await app.get(`/self-service/login/browser?login_challenge=${challenge}`);
  assert.equal(flow.oauth2_login_request.client.client_id, "shop", "with the flow as it begins");
  const wrong = await app.post(flow.ui.action, { ...credentials, password: "wrong", csrf_token: csrfTokenOf(flow) });
  assert.deepEqual([wrong.status, wrong.body.oauth2_login_request.client.client_id], [400, "shop"]);
  const { status, body } = await app.post(flow.ui.action, { ...credentials, csrf_token: csrfTokenOf(flow) });
  assert.deepEqual([status, body.redirect_browser_to], [422, onwards(challenge)]);
  assert.equal((await whoami(app)).status, 200);
});

withHydra(
  "whoever is signed in confirms who they are, unless the OAuth 2.0 server knows them",
  async (server, hydra) => {
    const ada = await server.createPerson({ email, password });
    await server.createPerson({ email: "eve@example.org", password });
    const app = server.browser();
    await submitIn(app, "login", credentials);
    const { body: session } = await whoami(app);

    const asks = await open(app, "login", `login_challenge=${hydra.wants()}`);
    assert.deepEqual([asks.refresh, messageIds(asks)], [true, [1010003]]);
    assert.match(asks.request_url, /refresh=true/);

    const known = hydra.wants({ skip: true, subject: ada.id });
    for (const kind of ["login", "registration"]) {
      const { status, location } = await app.get(`/self-service/${kind}/browser?login_challenge=${known}`);
      assert.deepEqual([status, location], [303, onwards(known)], kind);
      const told = await app.get(`/self-service/${kind}/browser?login_challenge=${known}`, {
        accept: "application/json",
      });
      assert.deepEqual(
        [told.status, told.body.error.id, told.body.redirect_browser_to],
        [400, "session_already_available", onwards(known)],
      );
    }
    assert.deepEqual(
      hydra.accepted().map(({ subject, identity_provider_session_id: sid }) => [subject, sid]),
      Array.from({ length: 4 }, () => [ada.id, session.id]),
    );

    const another = await open(app, "login", `login_challenge=${hydra.wants({ skip: true, subject: session.id })}`);
    assert.equal(another.refresh, true, "somebody else is known there");
    const anonymous = await open(server.browser(), "login", `login_challenge=${known}`);
    assert.equal(anonymous.refresh, false, "nobody is signed in here");
    assert.equal(hydra.accepted().length, 4);
  },
);

withHydra("whoever is signed in does not sign up for an application, but logs in", async (server, hydra) => {
  await server.createPerson({ email, password });
  const app = server.browser();
  await submitIn(app, "login", credentials);
  const query = `login_challenge=${hydra.wants()}&return_to=http%3A%2F%2Fapp.example.org%2Fx`;
  for (const accept of ["text/html", "application/json"]) {
    const { status, location } = await app.get(`/self-service/registration/browser?${query}`, { accept });
    assert.deepEqual([status, location], [302, `http://id.example.org/self-service/login/browser?${query}`]);
  }
});

withHydra(
  "who signs up in a browser goes on at the application, although they are handed no session",
  async (server, hydra) => {
    const challenge = hydra.wants();
    const browser = server.browser();
    const flow = await open(browser, "registration", `login_challenge=${challenge}`);
    assert.equal(flow.oauth2_login_request.client.client_id, "shop");
    const form = { method: "password", password, "traits.email": email };
    const { status, location } = await send(browser, flow, form);
    assert.deepEqual([status, location], [303, onwards(challenge)]);
    const [told] = hydra.accepted();
    assert.deepEqual([told.amr, (await whoami(browser)).status], [["password"], 401]);
    const [row] = await runSql<Json>(server.app.db, "select identity_id from sessions");
    assert.equal(row.identity_id, told.subject, "there is a session all the same, and nobody is handed it");
  },
  { config: handing([]) },
);

withHydra(
  "a single-page app that signs somebody up and in is told where their browser goes on",
  async (server, hydra) => {
    const challenge = hydra.wants();
    const app = server.spa();
    const { status, body } = await submitIn(app, "registration", signUp, `?login_challenge=${challenge}`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body.continue_with, [{ action: "redirect_browser_to", redirect_browser_to: onwards(challenge) }]);
    assert.equal(hydra.accepted()[0].identity_provider_session_id, body.session.id);
  },
  { config: handing(["session"]) },
);

test("a single-page app that signs nobody in by a sign-up has nobody to tell of", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: hydraConfig(hydra, handing([])) });
  const { body } = await submitIn(server.spa(), "registration", signUp, `?login_challenge=${hydra.wants()}`);
  assert.equal(body.continue_with[0].redirect_browser_to, "http://app.example.org/");
  assert.deepEqual(hydra.accepted(), []);
});

const totp: ConfigTree = {
  selfservice: { methods: { totp: { enabled: true } } },
  session: { whoami: { required_aal: "highest_available" } },
};

withHydra(
  "a second factor is asked for on the way, and the application waits until it is there",
  async (server, hydra) => {
    const ada = await server.createPerson({ email, password });
    const code = await enrolAuthenticator(server, email);
    const challenge = hydra.wants();
    const browser = server.browser();
    const first = await open(browser, "login", `login_challenge=${challenge}`);
    const { location } = await send(browser, first, credentials);
    const between = new URL(location!);
    assert.deepEqual(
      [between.pathname, between.searchParams.get("aal"), between.searchParams.get("login_challenge")],
      ["/self-service/login/browser", "aal2", challenge],
    );
    assert.deepEqual(hydra.accepted(), []);

    const impatient = hydra.wants({ skip: true, subject: ada.id });
    const led = await browser.get(`/self-service/login/browser?login_challenge=${impatient}`);
    assert.match(
      led.location!,
      /aal=aal2&login_challenge=/,
      "who has proved less than is asked for is not let through",
    );
    assert.deepEqual(hydra.accepted(), []);

    const second = await open(browser, "login", between.search.slice(1));
    assert.deepEqual([second.requested_aal, second.oauth2_login_challenge], ["aal2", challenge]);
    const done = await send(browser, second, { method: "totp", totp_code: code() });
    assert.deepEqual([done.status, done.location], [303, onwards(challenge)]);
    const [told] = hydra.accepted();
    assert.deepEqual([told.subject, told.amr, told.acr], [ada.id, ["password", "totp"], "aal2"]);
  },
  { config: mergeTrees(totp, { oauth2_provider: { send_acr: true } }) },
);

test("a single-page app is led to the second factor with the challenge", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: hydraConfig(hydra, totp) });
  await server.createPerson({ email, password });
  await enrolAuthenticator(server, email);
  const challenge = hydra.wants();
  const { status, body } = await submitIn(server.spa(), "login", credentials, `?login_challenge=${challenge}`);
  assert.equal(status, 422);
  assert.equal(new URL(body.redirect_browser_to).searchParams.get("login_challenge"), challenge);
});

const byCode: ConfigTree = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(codeSchema) }] },
  selfservice: { methods: { code: { enabled: true, passwordless_enabled: true } } },
};

withHydra(
  "a code signs in, and its message knows the application",
  async (server, hydra) => {
    await server.createPerson({ email, password });
    const challenge = hydra.wants();
    const app = server.spa();
    const { body: flow } = await app.get(`/self-service/login/browser?login_challenge=${challenge}`);
    const csrf_token = csrfTokenOf(flow);
    await app.post(flow.ui.action, { method: "code", identifier: email, csrf_token });
    const mail = await mailTo(server, email);
    assert.deepEqual(mail.templateData.oauth2_login_request, {
      challenge,
      client: {
        client_id: "shop",
        client_name: "The shop",
        client_uri: "https://shop.example.org",
        logo_uri: "https://shop.example.org/logo.png",
        metadata: { colour: "green" },
      },
    });
    const answer = { method: "code", identifier: email, code: codeIn(mail), csrf_token };
    const { status, body } = await app.post(flow.ui.action, answer);
    assert.deepEqual([status, body.redirect_browser_to], [422, onwards(challenge)]);
    assert.deepEqual(hydra.accepted()[0].amr, ["code"]);
  },
  { config: byCode },
);

test("whoever comes back from a provider goes on at the application, known or new", async (t) => {
  const hydra = await startHydra(t);
  const openid = await startOpenidProvider(t);
  const server = await startServer(t, { config: hydraConfig(hydra, socialConfig([entryOf(openid)])) });
  for (let time = 0; time < 2; time++) {
    const challenge = hydra.wants();
    const query = `?login_challenge=${challenge}`;
    const ada = { subject: "ada-1", email, email_verified: true };
    const browser = server.browser();
    const back = await signInBy(openid, browser, ada, { query });
    assert.deepEqual([back.status, back.location], [303, onwards(challenge)]);
    assert.deepEqual(hydra.accepted().at(-1).amr, ["oidc"]);
  }
});

test("a flow leads to the authorization request where it is configured to, if that is allowed", async (t) => {
  const hydra = await startHydra(t);
  const overriding = { oauth2_provider: { override_return_to: true } };
  const allowed = { selfservice: { allowed_return_urls: ["https://hydra.example.org"] } };
  const server = await startServer(t, { config: hydraConfig(hydra, mergeTrees(overriding, allowed)) });
  for (const kind of ["login", "registration"]) {
    const query = `login_challenge=${hydra.wants()}&return_to=http://app.example.org/x`;
    const { body } = await server.spa().get(`/self-service/${kind}/browser?${query}`);
    assert.equal(body.return_to, authorization, kind);
  }
  const strict = await startServer(t, { config: hydraConfig(hydra, overriding) });
  const { status, body } = await strict.spa().get(`/self-service/login/browser?login_challenge=${hydra.wants()}`);
  assert.deepEqual([status, body.error.id], [400, "self_service_flow_return_to_forbidden"]);
});

withHydra("a flow that has run out hands the challenge on", async (server, hydra) => {
  await server.createPerson({ email, password });
  const challenge = hydra.wants();
  const app = server.spa();
  const { body: flow } = await app.get(`/self-service/login/browser?login_challenge=${challenge}`);
  server.advance(2 * 3_600_000);
  const late = await app.get(`/self-service/login/flows?id=${flow.id}`);
  assert.match(late.body.error.details.redirect_to, new RegExp(`login_challenge=${challenge}`));
  const { body } = await app.post(flow.ui.action, { ...credentials, csrf_token: csrfTokenOf(flow) });
  const next = await app.get(`/self-service/login/flows?id=${body.use_flow_id}`);
  assert.equal(next.body.oauth2_login_challenge, challenge);
});

test("hooks are told of the challenge", async (t) => {
  const hydra = await startHydra(t);
  const { called, url } = await startTarget(t);
  const hooks = { selfservice: { flows: { login: { after: { hooks: [hook(url)] } } } } };
  const server = await startServer(t, { config: hydraConfig(hydra, hooks) });
  await server.createPerson({ email, password });
  const challenge = hydra.wants();
  await submitIn(server.spa(), "login", credentials, `?login_challenge=${challenge}`);
  assert.equal(JSON.parse(called[0]!.body).flow.oauth2_login_challenge, challenge);
});

test("support that acts in a person's place signs in for no application", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, {
    config: hydraConfig(hydra, { session: { impersonation } }),
  });
  const ada = await server.createPerson({ email, password });
  const browser = await supportIn(server, await caller(server), ada.id);
  const challenge = hydra.wants({ skip: true, subject: ada.id });
  for (const kind of ["login", "registration"]) {
    const { status, body } = await browser.get(`/self-service/${kind}/browser?login_challenge=${challenge}`);
    assert.deepEqual([status, body.error.id], [403, "session_impersonated"], kind);
  }
  assert.deepEqual(hydra.accepted(), []);
});

test("other protocols tell in the words of the contract what a sign-in is for", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: hydraConfig(hydra) });
  const begin = (loginChallenge: string) =>
    server.spa().post("/ostiary.public.v1.LoginService/CreateBrowserLoginFlow", { loginChallenge });
  const { body } = await begin(hydra.wants());
  const { client, oidcContext, requestUrl } = body.flow.oauth2LoginRequest;
  assert.deepEqual(
    [client.clientName, client.metadata, oidcContext.acrValues, requestUrl],
    ["The shop", { colour: "green" }, ["aal2"], authorization],
  );
  const refused = await begin("unknown");
  assert.deepEqual(
    [refused.body.code, refused.body.message],
    ["invalid_argument", "The login challenge is not valid."],
  );
});
