import assert from "node:assert/strict";
import * as oidc from "openid-client";
import { enrolAuthenticator } from "../support/enrolled.ts";
import { password } from "../support/person.ts";
import {
  album,
  answerConsent,
  beginSignIn,
  embedded,
  follow,
  issuer,
  passLogin,
  registered,
  relyingParty,
  signInTo,
} from "../support/relying-party.ts";
import { csrfTokenOf } from "../support/client.ts";
import { mergeTrees } from "../support/config.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";

const email = "ada@example.org";

onTwoServers(
  "somebody signs in to an application and allows it what it asks; one server gives the code, another one takes it, once",
  async (one, other) => {
    const { id } = await one.createPerson({ email, password });
    const client = await registered(one, album);
    const at = await relyingParty(one, client);
    const browser = one.browser();
    const { url, checks } = await beginSignIn(at, { nonce: "n-1" });
    const login = await follow(browser, url);
    const { body: flow } = await browser.get(`/self-service/login/flows?id=${login.searchParams.get("flow")}`, {
      accept: "application/json",
    });
    assert.equal(flow.oauth2_login_request.client.client_name, "Album");
    assert.deepEqual(flow.oauth2_login_request.requested_scope, ["openid", "email", "offline"]);
    assert.equal(flow.oauth2_login_request.client.client_secret, undefined);

    const consent = await follow(browser, await passLogin(browser, login, email));
    const challenge = consent.searchParams.get("consent_challenge");
    const asked = await browser.get(`/account/consent-request?consent_challenge=${challenge}`, {
      accept: "application/json",
    });
    assert.deepEqual(asked.body.requested_scope, ["openid", "email", "offline"]);
    assert.equal(asked.body.application.client_name, "Album");
    const stranger = await other.createPerson({ email: "eve@example.org", password });
    assert.ok(stranger.id);
    const back = await follow(browser, await answerConsent(browser, consent));
    assert.equal(back.searchParams.get("iss"), issuer);

    const elsewhere = await relyingParty(other, client);
    const attempts = await Promise.allSettled(
      [at, elsewhere].map((where) => oidc.authorizationCodeGrant(where, back, { ...checks, expectedNonce: "n-1" })),
    );
    const won = attempts.filter((attempt) => attempt.status === "fulfilled");
    assert.ok(won.length <= 1, "a code is taken once");
    if (won.length === 1) {
      const claims = won[0]!.value.claims()!;
      assert.deepEqual([claims.sub, claims["acr"], claims["amr"]], [id, "aal1", ["password"]]);
    }
    await assert.rejects(oidc.authorizationCodeGrant(elsewhere, back, { ...checks, expectedNonce: "n-1" }), {
      error: "invalid_grant",
    });
    // Who shows a code again takes away what it was given for.
    if (won.length === 1) await assert.rejects(oidc.fetchUserInfo(at, won[0]!.value.access_token, id));
  },
  { config: embedded() },
);

onEachDatabase(
  "an application knows who somebody is, asks no second time, refreshes its tokens, and finds a stolen refresh token out",
  async (server) => {
    const { id } = await server.createPerson({ email, password });
    const at = await relyingParty(server, await registered(server, album));
    const browser = server.browser();
    const first = await signInTo(at, browser, email);
    const info = await oidc.fetchUserInfo(at, first.access_token, id);
    assert.deepEqual([info.sub, info.email, info.email_verified], [id, email, false]);

    // Signed in and allowed already: the browser comes straight back.
    const { url, checks } = await beginSignIn(at);
    const back = await follow(browser, url);
    const again = await oidc.authorizationCodeGrant(at, back, checks);
    assert.equal(again.claims()!.sub, id);

    const refreshed = await oidc.refreshTokenGrant(at, first.refresh_token!);
    assert.notEqual(refreshed.refresh_token, first.refresh_token);
    assert.equal((await oidc.fetchUserInfo(at, refreshed.access_token, id)).sub, id);
    await assert.rejects(oidc.refreshTokenGrant(at, first.refresh_token!), { error: "invalid_grant" });
    await assert.rejects(oidc.refreshTokenGrant(at, refreshed.refresh_token!), { error: "invalid_grant" });
    await assert.rejects(oidc.fetchUserInfo(at, refreshed.access_token, id));
  },
  { config: embedded() },
);

onEachDatabase(
  "an application of one's own asks for no consent; others hear of a refusal; a wish for a new sign-in is heard",
  async (server) => {
    await server.createPerson({ email, password });
    const own = await relyingParty(server, await registered(server, { ...album, skip_consent: true }));
    const browser = server.browser();
    const { url } = await beginSignIn(own);
    const back = await follow(browser, await passLogin(browser, await follow(browser, url), email));
    assert.ok(back.searchParams.get("code"));

    const other = await relyingParty(server, await registered(server, album));
    const asking = await beginSignIn(other);
    const consent = await follow(browser, asking.url);
    const refused = await follow(browser, await answerConsent(browser, consent, false));
    assert.equal(refused.searchParams.get("error"), "access_denied");

    const anew = await beginSignIn(own, { prompt: "login" });
    const login = await follow(browser, anew.url);
    assert.ok(login.searchParams.get("flow"), login.href);
    const returned = await follow(browser, await passLogin(browser, login, email));
    assert.ok((await oidc.authorizationCodeGrant(own, returned, anew.checks)).claims()!.sub);

    const silent = await beginSignIn(own, { prompt: "none" });
    assert.equal((await follow(server.browser(), silent.url)).searchParams.get("error"), "login_required");
  },
  { config: embedded() },
);

onEachDatabase(
  "the end of a session is the end of what it gave: by a sign-out here, or by the application",
  async (server) => {
    const { id } = await server.createPerson({ email, password });
    const leaving = { ...album, post_logout_redirect_uris: ["https://album.example.org/bye"] };
    const at = await relyingParty(server, await registered(server, leaving));
    const browser = server.browser();
    const scope = { scope: "openid email" };
    const first = await signInTo(at, browser, email, scope);
    await oidc.fetchUserInfo(at, first.access_token, id);
    const sessions = await server.admin("GET", `/admin/identities/${id}/sessions`);
    assert.equal((await server.admin("DELETE", `/admin/sessions/${sessions.body[0].id}`)).status, 204);
    await assert.rejects(oidc.fetchUserInfo(at, first.access_token, id));

    const second = await signInTo(at, browser, email, scope);
    const out = oidc.buildEndSessionUrl(at, {
      id_token_hint: second.id_token!,
      post_logout_redirect_uri: "https://album.example.org/bye",
    });
    const { status, body: page } = await browser.get(out.href);
    assert.equal(status, 200);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)![1]!;
    const left = await browser.send("POST", "/oauth2/sessions/logout/confirm", { form: { xsrf, logout: "yes" } });
    assert.equal(left.location, "https://album.example.org/bye");
    const whoami = await browser.get("/sessions/whoami", { accept: "application/json" });
    assert.equal(whoami.status, 401, "signed out here as well");
    await assert.rejects(oidc.fetchUserInfo(at, second.access_token, id));
  },
  { config: embedded() },
);

onEachDatabase(
  "people see whom they have let in, and shut them out",
  async (server) => {
    await server.createPerson({ email, password });
    const client = await registered(server, album);
    const at = await relyingParty(server, client);
    const browser = server.browser();
    const tokens = await signInTo(at, browser, email);
    const list = await browser.get("/account/applications", { accept: "application/json" });
    assert.deepEqual(
      list.body.map((one: { application: object; granted_scope: string[] }) => [one.application, one.granted_scope]),
      [[{ client_id: client.client_id, client_name: "Album" }, ["openid", "email", "offline"]]],
    );
    const copy = await browser.get("/account/export", { accept: "application/json" });
    assert.deepEqual(
      copy.body.applications.map((one: { client_name: string; granted_scope: string[] }) => [
        one.client_name,
        one.granted_scope,
      ]),
      [["Album", ["openid", "email", "offline"]]],
    );
    const gone = await browser.send("DELETE", `/account/applications/${client.client_id}`, {
      accept: "application/json",
    });
    assert.equal(gone.status, 204);
    await assert.rejects(oidc.refreshTokenGrant(at, tokens.refresh_token!), { error: "invalid_grant" });
    const { url } = await beginSignIn(at);
    assert.ok((await follow(browser, url)).searchParams.get("consent_challenge"), "asked again");
  },
  { config: embedded() },
);

onEachDatabase(
  "a sign-in is its browser's: whoever sends somebody else its link gets nothing of theirs",
  async (server) => {
    await server.createPerson({ email, password });
    await server.createPerson({ email: "eve@example.org", password });
    const at = await relyingParty(server, await registered(server, { ...album, skip_consent: true }));
    const victim = server.browser();
    await signInTo(at, victim, email);
    const attackers = { stranger: server.browser(), "signed in": server.browser() };
    await signInTo(at, attackers["signed in"], "eve@example.org");
    for (const [who, attacker] of Object.entries(attackers)) {
      const { url } = await beginSignIn(at, who === "stranger" ? {} : { prompt: "login" });
      const { location: login } = await attacker.get(url);
      assert.match(login!, /login_challenge=/);
      const opened = await victim.get(login!);
      const form = new URL(opened.location!);
      const resume = form.searchParams.has("flow") ? await passLogin(victim, form, email) : form.href;
      assert.match(resume, /\/oauth2\/auth\//);
      for (let hops = 0, next: string | null = resume; next && hops < 4; hops++) {
        const { location, body } = await attacker.get(next);
        assert.doesNotMatch(String(location), /[?&]code=/, who);
        const xsrf = /name="xsrf" value="([^"]+)"/.exec(String(body))?.[1];
        next = xsrf
          ? (await attacker.send("POST", "/oauth2/sessions/logout/confirm", { form: { xsrf, logout: "yes" } })).location
          : location;
        if (next && !next.startsWith(issuer)) assert.doesNotMatch(next, /[?&]code=/, who);
        if (next?.includes("/ui/")) break;
      }
    }
  },
  { config: embedded() },
);

onEachDatabase(
  "who has a second factor proves it before an application hears of them",
  async (server) => {
    await server.createPerson({ email, password });
    const at = await relyingParty(server, await registered(server, { ...album, skip_consent: true }));
    const browser = server.browser();
    await signInTo(at, browser, email);
    const code = await enrolAuthenticator(server, email);
    const { url } = await beginSignIn(at);
    const page = await follow(browser, url);
    assert.equal(page.searchParams.get("code"), null, page.href);
    const { body: flow } = await browser.get(`/self-service/login/flows?id=${page.searchParams.get("flow")}`, {
      accept: "application/json",
    });
    assert.equal(flow.requested_aal, "aal2");
    const form = { method: "totp", totp_code: code(), csrf_token: csrfTokenOf(flow) };
    const done = await browser.send("POST", flow.ui.action, { form });
    const back = await follow(browser, done.location!);
    assert.ok(back.searchParams.get("code"), back.href);
  },
  {
    config: mergeTrees(embedded(), {
      selfservice: { methods: { totp: { enabled: true } } },
      session: { whoami: { required_aal: "highest_available" } },
    }),
  },
);

onEachDatabase(
  "what an application got to stay connected outlasts a sign-out; one client cannot have rows written without end",
  async (server) => {
    const { id } = await server.createPerson({ email, password });
    const at = await relyingParty(server, await registered(server, album));
    const tokens = await signInTo(at, server.browser(), email);
    assert.equal((await server.admin("DELETE", `/admin/identities/${id}/sessions`)).status, 204);
    const refreshed = await oidc.refreshTokenGrant(at, tokens.refresh_token!);
    assert.equal((await oidc.fetchUserInfo(at, refreshed.access_token, id)).sub, id);

    const { url } = await beginSignIn(at);
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => (await server.browser().get(url)).status),
    );
    assert.ok(statuses.includes(429), statuses.join());
  },
  {
    config: mergeTrees(embedded(), {
      selfservice: { new_flows_per_client: { at_once: 20, per_hour: 60 } },
    }),
  },
);
