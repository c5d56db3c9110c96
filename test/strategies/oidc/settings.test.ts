import assert from "node:assert/strict";
import { messageIds } from "../../support/client.ts";
import type { Answer, Client, Json } from "../../support/client.ts";
import type { OpenidProvider } from "../../support/openid-provider.ts";
import { begin, password, signedIn, submit, submitIn } from "../../support/person.ts";
import type { TestServer } from "../../support/server.ts";
import { entryOf, leave, signInBy, withProvider } from "../../support/social.ts";

const ada = { subject: "ada", claims: { email: "ada@example.org", email_verified: true, given_name: "Ada" } };
const email = "pat@example.org";

/** Pat, who has a password, in a single-page app. */
async function pat(server: TestServer): Promise<{ app: Client; id: string }> {
  const { id } = await server.createPerson({ email, password });
  return { app: await signIn(server.spa()), id };
}

async function signIn(app: Client): Promise<Client> {
  const { status, body } = await submitIn(app, "login", { method: "password", identifier: email, password });
  assert.equal(status, 200, JSON.stringify(body));
  return app;
}

const whoami = async (app: Client): Promise<Json> => (await app.get("/sessions/whoami")).body;
const linkAda = (op: OpenidProvider, app: Client): Promise<Answer> => signInBy(op, app, ada, { kind: "settings" });
const unlink = (app: Client, id = "acme"): Promise<Answer> => submitIn(app, "settings", { unlink: id });

/** The buttons of the form by which accounts are linked and unlinked. */
async function buttonsOf(app: Client): Promise<string[]> {
  const { body } = await app.get("/self-service/settings/browser", { accept: "application/json" });
  return body.ui.nodes
    .filter(({ group }: Json) => group === "oidc")
    .map(({ attributes, meta }: Json) => `${attributes.name} ${attributes.value} ${meta.label.id}`);
}

withProvider("somebody links an account, signs in by it, and unlinks it", async ({ server, openid }) => {
  const { app, id } = await pat(server);
  assert.deepEqual(await buttonsOf(app), ["link acme 1050002"]);
  const linked = await linkAda(openid, app);
  assert.equal(linked.status, 200, JSON.stringify(linked.body));
  assert.deepEqual(await buttonsOf(app), ["unlink acme 1050003"]);
  const { authentication_methods: methods, authenticator_assurance_level: aal } = await whoami(app);
  assert.deepEqual(
    methods.map(({ method, provider }: Json) => [method, provider]),
    [
      ["password", undefined],
      ["oidc", "acme"],
    ],
  );
  assert.equal(aal, "aal1");

  const elsewhere = server.spa();
  assert.equal((await signInBy(openid, elsewhere, ada)).status, 200);
  assert.equal((await whoami(elsewhere)).identity.id, id);

  const unlinked = await unlink(app);
  assert.equal(unlinked.status, 200, JSON.stringify(unlinked.body));
  assert.equal(unlinked.body.state, "success");
  assert.deepEqual(await buttonsOf(app), ["link acme 1050002"]);
  const { body } = await server.admin("GET", `/admin/identities/${id}`);
  assert.equal(body.credentials.oidc, undefined);
  const stranger = server.spa();
  await signInBy(openid, stranger, ada);
  assert.notEqual((await whoami(stranger)).identity?.id, id, "whoever has the account is somebody else now");
});

withProvider("nobody gives up the last way in, or what is not theirs", async ({ server, openid }) => {
  const app = server.spa();
  assert.equal((await signInBy(openid, app, ada)).status, 200);
  assert.deepEqual(await buttonsOf(app), []);
  const refusals = [
    await unlink(app),
    await unlink(app, "nobody"),
    await submitIn(app, "settings", { link: "nobody" }),
    await submitIn(app, "settings", { link: "acme" }),
    await submitIn(app, "settings", { link: "acme", unlink: "acme" }),
  ];
  for (const { status, body } of refusals) {
    assert.equal(status, 400, JSON.stringify(body));
    assert.deepEqual(messageIds(body), [4000001]);
  }
  const neither = await submitIn(app, "settings", { method: "oidc" });
  assert.deepEqual([neither.status, messageIds(neither.body)], [400, [4010004]]);
});

withProvider("an account that is somebody else's here is linked with nobody", async ({ server, openid }) => {
  const other = server.spa();
  assert.equal((await signInBy(openid, other, ada)).status, 200);
  const { app, id } = await pat(server);
  const refused = await linkAda(openid, app);
  assert.equal(refused.status, 400, JSON.stringify(refused.body));
  assert.deepEqual(messageIds(refused.body), [4000027]);
  const { body } = await server.admin("GET", `/admin/identities/${id}`);
  assert.equal(body.credentials.oidc, undefined);
});

withProvider("only the browser that was sent to the provider links by what it brings back", async (social) => {
  const { server, openid } = social;
  const { app, id } = await pat(server);
  const callback = await openid.signIn(await leave(app, "settings"), ada);
  const thief = server.spa();
  assert.equal((await signInBy(openid, thief, { ...ada, subject: "eve", claims: {} })).status >= 200, true);
  const stolen = await thief.get(callback);
  assert.ok(stolen.status === 403 || stolen.status === 401 || stolen.status === 303, String(stolen.status));
  const { body } = await server.admin("GET", `/admin/identities/${id}`);
  assert.equal(body.credentials.oidc, undefined);
});

withProvider(
  "after a long time one confirms who one is before anything is linked",
  async ({ server, openid }) => {
    const { app } = await pat(server);
    server.advance(6 * 60_000);
    const { status, body } = await submitIn(app, "settings", { link: "acme" });
    assert.deepEqual([status, body.error?.id], [403, "session_refresh_required"]);
    assert.equal(
      (await submitIn(app, "login", { method: "password", identifier: email, password }, "?refresh=true")).status,
      200,
    );
    assert.equal((await linkAda(openid, app)).status, 200);
  },
  { config: { selfservice: { flows: { settings: { privileged_session_max_age: "5m" } } } } },
);

withProvider("a native client sees the same buttons, and unlinks", async ({ server, openid }) => {
  const { headers } = await signedIn(server, email);
  const app = await signIn(server.spa());
  assert.equal((await linkAda(openid, app)).status, 200);
  const flow = await begin(server, "settings", headers);
  assert.ok(flow.ui.nodes.some(({ attributes }: Json) => attributes.name === "unlink"));
  const done = await submit(server, flow, { method: "oidc", unlink: "acme" }, headers);
  assert.equal(done.status, 200, JSON.stringify(done.body));
});

withProvider(
  "people sign in by a provider from the moment when it is kept in the database, and unlink it once it is gone",
  async ({ server, openid }) => {
    const stored = { ...entryOf(openid, { id: "work", label: "Work" }) };
    const labels = async (kind: string) => {
      const { body } = await server.native.get(`/self-service/${kind}/api`);
      const nodes: Json[] = body.ui.nodes.filter(({ attributes }: Json) => attributes.name === "provider");
      return nodes.map(({ attributes }) => attributes.value);
    };
    assert.deepEqual(await labels("login"), ["acme"]);
    const made = await server.adminClient.post("/admin/providers", stored);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.deepEqual(
      [await labels("login"), await labels("registration")],
      [
        ["acme", "work"],
        ["acme", "work"],
      ],
    );

    const { app } = await pat(server);
    const away = await submitIn(app, "settings", { link: "work" });
    assert.equal((await app.get(await openid.signIn(away.body.redirect_browser_to, ada))).status, 200);
    assert.deepEqual(await buttonsOf(app), ["link acme 1050002", "unlink work 1050003"]);

    assert.equal((await server.admin("DELETE", "/admin/providers/work")).status, 204);
    assert.deepEqual(await labels("login"), ["acme"]);
    assert.deepEqual(await buttonsOf(app), ["link acme 1050002", "unlink work 1050003"]);
    assert.equal((await unlink(app, "work")).status, 200);
    assert.deepEqual(await buttonsOf(app), ["link acme 1050002"]);
  },
);
