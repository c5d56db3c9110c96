import assert from "node:assert/strict";
import { eventsOf } from "../../src/events/list.ts";
import { csrfTokenOf } from "../support/client.ts";
import type { Answer, Client } from "../support/client.ts";
import { written } from "../support/mapper.ts";
import { password, signedIn, signInNatively, submitIn } from "../support/person.ts";
import { reach } from "../support/rows.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";
import { caller, impersonation, supportIn, whoami } from "./impersonating.ts";

const email = "ada@example.org";
const secured = {
  schema_id: "person",
  traits: { email },
  credentials: {
    password: { config: { password } },
    totp: { config: { totp_url: "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXP" } },
  },
};

const google = {
  id: "google",
  provider: "google",
  client_id: "c",
  client_secret: "s",
  mapper_url: written("{ identity: { traits: {} } }"),
};

/** What is for the person alone, by the way in which support tries it. */
const forThePersonAlone: Readonly<Record<string, (browser: Client) => Promise<Answer>>> = {
  "another password": (browser) => submitIn(browser, "settings", { method: "password", password: `${password}!` }),
  "another address": (browser) =>
    submitIn(browser, "settings", { method: "profile", traits: { email: "eve@example.org" } }),
  "no authenticator app": (browser) => submitIn(browser, "settings", { method: "totp", totp_unlink: true }),
  "backup codes": (browser) =>
    submitIn(browser, "settings", { method: "lookup_secret", lookup_secret_regenerate: true }),
  "the codes that there are": (browser) =>
    submitIn(browser, "settings", { method: "lookup_secret", lookup_secret_reveal: true }),
  "an account elsewhere": (browser) => submitIn(browser, "settings", { method: "oidc", link: "google" }),
  "a sign-in once more": (browser) => browser.get("/self-service/login/browser?refresh=true"),
  "a second factor": (browser) => browser.get("/self-service/login/browser?aal=aal2"),
  "the export": (browser) => browser.get("/account/export"),
  "the deletion": (browser) => browser.send("PUT", "/account/deletion"),
  "no deletion": (browser) => browser.delete("/account/deletion"),
  "no other sessions": (browser) => browser.delete("/sessions"),
  "one session less": async (browser) => browser.delete(`/sessions/${(await browser.get("/sessions")).body[0].id}`),
  "another token": (browser) => browser.send("PUT", "/sessions/token"),
};

onEachDatabase(
  "support sees what the person sees, changes what is no way in, and nothing else",
  async (server) => {
    const { id } = (await server.adminClient.post("/admin/identities", secured)).body;
    const own = await signInNatively(server, email);
    server.advance(2 * 60_000);
    const by = await caller(server);
    const browser = await supportIn(server, by, id);
    const { status, body: session } = await whoami(browser);
    assert.deepEqual(
      [status, session.authenticator_assurance_level],
      [200, "aal2"],
      "pages that ask for two factors show",
    );
    assert.equal((await browser.get("/account/deletion")).status, 200);
    assert.equal((await browser.get("/sessions")).body.length, 1);
    const before = await account(server, id);

    for (const [what, attempt] of Object.entries(forThePersonAlone)) {
      const { status: refused, body } = await attempt(browser);
      assert.deepEqual([refused, body.error?.id], [403, "session_impersonated"], `${what}: ${JSON.stringify(body)}`);
    }
    assert.deepEqual(await account(server, id), before, "nothing has changed");
    assert.equal((await whoami(browser)).body.expires_at, session.expires_at);
    assert.equal((await server.native.get("/sessions", { headers: own })).status, 403, "she has proved one factor");

    const traits = { email, name: { first: "Ada" } };
    const changed = await submitIn(browser, "settings", { method: "profile", traits });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.deepEqual((await account(server, id)).traits, traits);
    assert.equal((await whoami(browser)).body.expires_at, session.expires_at, "not a moment longer");
    assert.equal((await server.admin("GET", `/admin/identities/${id}/sessions?active=true`)).body.length, 2);
    const mine = (await eventsOf(reach(server.app.db), id, 100)).filter(({ type }) =>
      /^Settings|^IdentityUp/.test(type),
    );
    assert.ok(mine.length > 1);
    for (const event of mine)
      assert.deepEqual([event.type, event.actorKind, event.onBehalfOfId], [event.type, "api_key", id]);
  },
  {
    config: {
      session: { impersonation },
      selfservice: {
        methods: {
          totp: { enabled: true },
          lookup_secret: { enabled: true },
          oidc: {
            enabled: true,
            config: { providers: [google] },
          },
        },
        deletion: { enabled: true },
      },
    },
  },
);

async function account(server: TestServer, id: string) {
  const { body } = await server.admin("GET", `/admin/identities/${id}?expand=lifecycle&include_credential=totp`);
  const { traits, credentials, recovery_addresses, deletion_scheduled_at: deletion } = body;
  return { traits, credentials, recovery_addresses, deletion };
}

onEachDatabase(
  "forms that were begun before are no way around it, and it leads to no console",
  async (server) => {
    const ada = await signedIn(server, email);
    const browser = server.spa();
    const login = await browser.get("/self-service/login/browser");
    const answer = { method: "password", identifier: email, password, csrf_token: csrfTokenOf(login.body) };
    await browser.post(login.body.ui.action, answer);
    const refresh = (await browser.get("/self-service/login/browser?refresh=true")).body;
    const settings = (await browser.get("/self-service/settings/browser")).body;
    const csrf_token = csrfTokenOf(settings);
    const cookies = new Map(browser.cookies);
    const by = await caller(server);
    const support = await supportIn(server, by, ada.id);
    for (const [name, value] of support.cookies) if (name === "ory_kratos_session") cookies.set(name, value);
    const mixed = server.spa();
    for (const [name, value] of cookies) mixed.cookies.set(name, value);
    const { act } = (await whoami(mixed)).body;
    assert.equal(act.sub, by.id);
    for (const [flow, form] of [
      [refresh, { method: "password", identifier: email, password, csrf_token: csrfTokenOf(refresh) }],
      [settings, { method: "password", password: `${password}!`, csrf_token }],
    ]) {
      const { status, body } = await mixed.post(flow.ui.action, form);
      assert.deepEqual([status, body.error?.id], [403, "session_impersonated"], JSON.stringify(body));
    }
    const begun = await server.adminClient.get("/admin/console/sign-in", { accept: "text/html" });
    const handed = await mixed.get(begun.location!);
    assert.deepEqual([handed.status, handed.body.error.id], [403, "session_impersonated"]);
    const page = server.browser();
    for (const [name, value] of cookies) page.cookies.set(name, value);
    const shown = await page.get("/self-service/login/browser?refresh=true");
    assert.equal(shown.status, 303);
    const { body: error } = await server.native.get(`/self-service/errors${new URL(shown.location!).search}`);
    assert.equal(error.error.id, "session_impersonated", "whoever navigates is shown why");
  },
  { config: { session: { impersonation } } },
);
