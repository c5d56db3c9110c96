import assert from "node:assert/strict";
import { test } from "node:test";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createPublicClients, ErrorReason, OstiaryError } from "../../sdk/index.js";
import { readEvents } from "../../src/events/read.ts";
import { find } from "../../src/db/query.ts";
import { flows } from "../../src/flow/entities.ts";
import { invitations } from "../../src/invitation/entities.ts";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { codeSchema, encoded, mergeTrees } from "../support/config.ts";
import { until } from "../support/courier.ts";
import { hook, startTarget } from "../support/hook-target.ts";
import { inviteByHand, inviteByMail, tokenIn } from "../support/invited.ts";
import { begin as beginIn, keyConfig, newAuthenticator, submit as submitIn, valueOf } from "../support/keys.ts";
import { codeIn, mailTo } from "../support/mailbox.ts";
import { atOnce, begin, nodeOf, password, submit } from "../support/person.ts";
import { reach, rowsOf } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { signInBy, withProvider } from "../support/social.ts";
import { makeTenant } from "../tenants/world.ts";

const dayMs = 86_400_000;
const config = keyConfig({ selfservice: { methods: { code: { enabled: true, passwordless_enabled: true } } } });

const invited = (token: string) => `?invitation=${token}`;
const byPassword = (traits: object = {}) => ({ method: "password", password, traits });

/** What a native client is told that begins by an invitation. */
const refused = async (server: TestServer, token: string) => {
  const { status, body } = await server.native.get(`/self-service/registration/api${invited(token)}`);
  return [status, body.error?.id];
};

const stateOf = async ({ adminClient }: TestServer, id: string): Promise<Json> =>
  (await adminClient.get(`/admin/invitations/${id}`)).body.state;

onEachDatabase(
  "whoever is invited signs up natively, with what the invitation says, and their address is theirs",
  async (server) => {
    const { id, token, shown } = await inviteByMail(server, "ada@example.org", {
      traits: { name: { first: "Ada" } },
      metadata_public: { plan: "gold" },
      metadata_admin: { by: "sales" },
      return_to: "http://app.example.org/welcome",
    });
    const flow = await begin(server, "registration", {}, invited(token));
    assert.deepEqual(flow.invitation, { via: "email", address: "ada@example.org" });
    assert.equal(flow.return_to, "http://app.example.org/welcome");
    assert.equal(flow.identity_schema, "person");
    for (const [name, value] of [
      ["traits.email", "ada@example.org"],
      ["traits.name.first", "Ada"],
    ] as const) {
      const { attributes } = nodeOf(flow, name);
      assert.deepEqual([attributes.value, attributes.disabled], [value, true], name);
    }
    assert.equal(nodeOf(flow, "traits.age").attributes.disabled, false);
    assert.ok(!JSON.stringify(flow).includes(token), "the flow tells nobody of the token");
    const [stored] = await rowsOf(server.app.db, flows, (query) => query.where("id", "=", flow.id));
    assert.ok(!JSON.stringify(stored).includes(token));

    const bad = await submit(server, flow, byPassword({ age: 5, email: "eve@example.org" }), {});
    assert.equal(bad.status, 400);
    assert.equal(nodeOf(bad.body, "traits.email").attributes.value, "ada@example.org");
    const done = await submit(
      server,
      flow,
      byPassword({ email: "eve@example.org", name: { first: "Eve" }, age: 36 }),
      {},
    );
    assert.equal(done.status, 200, JSON.stringify(done.body));
    const { identity } = done.body;
    assert.deepEqual(identity.traits, { email: "ada@example.org", name: { first: "Ada" }, age: 36 });
    assert.deepEqual(identity.metadata_public, { plan: "gold" });
    assert.deepEqual(
      identity.verifiable_addresses.map(({ value, verified }: Json) => [value, verified]),
      [["ada@example.org", true]],
    );
    const { body: account } = await server.adminClient.get(`/admin/identities/${identity.id}`);
    assert.deepEqual(account.metadata_admin, { by: "sales" });

    const { body: after } = await server.adminClient.get(`/admin/invitations/${id}`);
    assert.deepEqual(
      { ...after, updated_at: undefined },
      { ...shown, state: "accepted", identity_id: identity.id, updated_at: undefined },
    );
    assert.deepEqual(await refused(server, token), [410, "invitation_accepted"]);
    assert.equal((await server.adminClient.post(`/admin/invitations/${id}/revoke`)).status, 410);
    const all = await readEvents(reach(server.app.db), { after: 0, limit: 50 });
    const accepted = all.find(({ type }) => type === "InvitationAccepted")!;
    assert.deepEqual(
      [accepted.subjectId, accepted.actorKind, accepted.reason, accepted.payload],
      [identity.id, "identity", "registration.password", { invitation_id: id, via: "email" }],
    );
    assert.equal((await server.adminClient.delete(`/admin/identities/${identity.id}`)).status, 204);
    assert.equal((await server.adminClient.get(`/admin/invitations/${id}`)).status, 404, "it goes with the account");
  },
  { config },
);

onEachDatabase(
  "a browser is sent to the form, and a link that was handed out shows nothing of the address",
  async (server) => {
    const { token } = await inviteByHand(server, "ada@example.org");
    const browser = server.browser();
    const start = await browser.get(`/self-service/registration/browser${invited(token)}`);
    assert.equal(start.status, 303);
    assert.ok(!start.location!.includes(token));
    const id = new URL(start.location!).searchParams.get("flow");
    const read = `/self-service/registration/flows?id=${id}`;
    const { body: flow } = await browser.get(read, { accept: "application/json" });
    assert.equal(flow.request_url, `${new URL("self-service/registration/browser", server.publicUrl)}`);
    const form = { csrf_token: csrfTokenOf(flow), method: "password", password };
    const done = await browser.send("POST", flow.ui.action, { form });
    assert.equal(done.status, 303);
    const { body } = await browser.get("/sessions/whoami", { accept: "application/json" });
    assert.equal(body.identity.traits.email, "ada@example.org");
    assert.equal(body.identity.verifiable_addresses[0].verified, false);

    const late = await server.browser().get(`/self-service/registration/browser${invited(token)}`);
    assert.equal(late.status, 303);
    assert.match(late.location!, /^http:\/\/app\.example\.org\/error\?id=/);
  },
  { config },
);

onEachDatabase(
  "they sign up by a passkey, or by a code",
  async (server) => {
    const key = newAuthenticator();
    const client = server.spa();
    const flow = await beginIn(client, "registration", invited((await inviteByMail(server, "ada@example.org")).token));
    const { credentialOptions } = JSON.parse(valueOf(flow, "passkey_create_data"));
    const signedUp = await submitIn(client, "registration", flow, {
      method: "passkey",
      passkey_register: key.create(credentialOptions),
    });
    assert.equal(signedUp.status, 200, JSON.stringify(signedUp.body));
    assert.equal(signedUp.body.identity.traits.email, "ada@example.org");

    const { id, token } = await inviteByMail(server, "bob@example.org", { schema_id: "code", metadata_public: false });
    const native = await begin(server, "registration", {}, invited(token));
    const sent = await submit(server, native, { method: "code", traits: { email: "eve@example.org" } }, {});
    assert.equal(sent.status, 400, "the form goes on");
    assert.equal(nodeOf(sent.body, "traits.email").attributes.value, "bob@example.org");
    const code = codeIn(await mailTo(server, "bob@example.org", { type: "registration_code_valid" }));
    const done = await submit(server, native, { method: "code", code, traits: {} }, {});
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.equal(done.body.identity.traits.email, "bob@example.org");
    assert.equal(done.body.identity.metadata_public, false);
    assert.equal(await stateOf(server, id), "accepted");
  },
  {
    config: mergeTrees(config, {
      identity: {
        schemas: [...((config["identity"] as Json).schemas as Json[]), { id: "code", url: encoded(codeSchema) }],
      },
    }),
  },
);

onEachDatabase(
  "of many with one link one gets in, and what was revoked or has expired lets nobody in, at either end",
  async (server, t) => {
    await t.test("of many one gets in", async () => {
      const { token, id } = await inviteByMail(server, "ada@example.org");
      const begun = await atOnce(6, () => begin(server, "registration", {}, invited(token)));
      const answers = await Promise.all(begun.map((flow) => submit(server, flow, byPassword(), {})));
      assert.deepEqual(answers.map(({ status, body }) => [status, body.error?.id]).toSorted(), [
        [200, undefined],
        ...Array.from({ length: 5 }, () => [410, "invitation_accepted"]),
      ]);
      assert.equal(await stateOf(server, id), "accepted");
      assert.equal((await server.adminClient.get("/admin/identities")).body.length, 1);
    });

    await t.test("a revoked one", async () => {
      const { token, id } = await inviteByMail(server, "bob@example.org");
      const flow = await begin(server, "registration", {}, invited(token));
      await server.adminClient.post(`/admin/invitations/${id}/revoke`);
      const { status, body } = await submit(server, flow, byPassword(), {});
      assert.deepEqual([status, body.error.id], [410, "invitation_revoked"]);
      assert.deepEqual(await refused(server, token), [410, "invitation_revoked"]);
    });

    await t.test("one that was sent again leads in by its newest link alone", async () => {
      const { token, id } = await inviteByMail(server, "cleo@example.org");
      const first = await mailTo(server, "cleo@example.org");
      assert.equal((await server.adminClient.post(`/admin/invitations/${id}/resend`)).status, 200);
      const second = tokenIn(await mailTo(server, "cleo@example.org", { after: first }));
      assert.deepEqual(await refused(server, token), [404, "invitation_unknown"]);
      const flow = await begin(server, "registration", {}, invited(second));
      assert.equal((await submit(server, flow, byPassword(), {})).status, 200);
    });

    await t.test("one that has expired, where a flow that ran out is replaced by one that knows it too", async () => {
      const { token } = await inviteByMail(server, "dan@example.org");
      const flow = await begin(server, "registration", {}, invited(token));
      server.advance(2 * 3_600_000);
      const { status, body } = await submit(server, flow, byPassword(), {});
      assert.equal(status, 410);
      const next = await server.native.get(`/self-service/registration/flows?id=${body.use_flow_id}`);
      assert.equal(next.body.invitation.address, "dan@example.org");
      const { token: other } = await inviteByMail(server, "eva@example.org", { expires_in: "10m" });
      const soon = await begin(server, "registration", {}, invited(other));
      server.advance(11 * 60_000);
      const late = await submit(server, soon, byPassword(), {});
      assert.deepEqual([late.status, late.body.error.id], [410, "invitation_expired"]);
      server.advance(8 * dayMs);
      assert.deepEqual(await refused(server, token), [410, "invitation_expired"]);
      assert.deepEqual(await refused(server, "x".repeat(48)), [404, "invitation_unknown"]);
    });

    await t.test("an address that has become somebody's in the meantime", async () => {
      const { token, id } = await inviteByMail(server, "fay@example.org");
      await server.createPerson({ email: "fay@example.org", password });
      const flow = await begin(server, "registration", {}, invited(token));
      const { status, body } = await submit(server, flow, byPassword(), {});
      assert.deepEqual([status, messageIds(body)], [400, [4000007]]);
      assert.equal(await stateOf(server, id), "pending");
    });

    await t.test("those who try links are held up as those who begin flows are", async () => {
      const answers = await atOnce(40, () => refused(server, "y".repeat(48)));
      assert.ok(
        answers.some(([status]) => status === 429),
        JSON.stringify(answers),
      );
    });
  },
  {
    config: mergeTrees(config, {
      selfservice: { new_flows_per_client: { at_once: 30, per_hour: 1 } },
    }),
  },
);

onEachDatabase(
  "where nobody else may sign up, those who are invited may, by every protocol and in their tenant alone",
  async (server) => {
    const uninvited = await server.native.get("/self-service/registration/api");
    assert.deepEqual([uninvited.status, uninvited.body.error.id], [400, "self_service_flow_disabled"]);
    const { registration } = createPublicClients(createGrpcTransport({ baseUrl: server.publicUrl }));
    const failing = (invitation: string) =>
      registration
        .createNativeRegistrationFlow({ invitation })
        .then(() => assert.fail("it went well"), OstiaryError.from);
    assert.ok((await failing("")).is(ErrorReason.SELF_SERVICE_FLOW_DISABLED));
    assert.ok((await failing("z".repeat(48))).is(ErrorReason.INVITATION_UNKNOWN));

    const { token } = await inviteByMail(server, "ada@example.org");
    const elsewhere = await makeTenant(server, "acme");
    const there = await elsewhere.get(`/self-service/registration/api${invited(token)}`);
    assert.deepEqual([there.status, there.body.error.id], [404, "invitation_unknown"]);
    assert.deepEqual((await elsewhere.admin("GET", "/admin/invitations")).body, []);

    const { flow } = await registration.createNativeRegistrationFlow({ invitation: token });
    assert.equal(flow!.invitation!.address, "ada@example.org");
    const { identity } = await registration.updateRegistrationFlow({
      flow: flow!.id,
      submission: { method: { case: "password", value: { password } } },
    });
    assert.equal(identity!.traits!["email"], "ada@example.org");

    const own = await elsewhere.admin("POST", "/admin/invitations", {
      recipient: { address: "ada@example.org" },
      send: false,
    });
    assert.equal(own.status, 201, "the account is another tenant's");
    const begun = await elsewhere.get(`/self-service/registration/api${invited(own.body.token)}`);
    assert.equal(begun.status, 200, JSON.stringify(begun.body));
    const left = () => find({ db: server.app.db, tenant: { id: elsewhere.id } }, invitations, (query) => query);
    assert.equal((await left()).length, 1);
    const tenant = `/admin/tenants/${elsewhere.id}`;
    await server.admin("PATCH", tenant, { json: { state: "inactive" } });
    assert.ok((await server.adminClient.delete(tenant)).status < 300);
    await until(async () => (await left()).length === 0);
  },
  {
    config: mergeTrees(config, {
      selfservice: { flows: { registration: { enabled: false, by_invitation_only: true } } },
    }),
  },
);

test("where the profile comes first it is fixed on both pages, and hooks are told of no token", async (t) => {
  const { called, url } = await startTarget(t);
  const server = await startServer(t, {
    config: {
      clients: { http: { private_ip_exception_urls: [url] } },
      selfservice: { flows: { registration: { style: "profile_first", before: { hooks: [hook(url)] } } } },
    },
  });
  const { token } = await inviteByMail(server, "ada@example.org");
  const flow = await begin(server, "registration", {}, invited(token));
  assert.equal(called.length, 1);
  assert.ok(!called[0]!.body.includes(token), called[0]!.body);
  const next = await submit(server, flow, { method: "profile", traits: { email: "eve@example.org", age: 36 } }, {});
  assert.equal(nodeOf(next.body, "traits.email").attributes.value, "ada@example.org");
  const back = await submit(server, flow, { method: "profile", screen: "previous", traits: {} }, {});
  const { attributes } = nodeOf(back.body, "traits.email");
  assert.deepEqual([attributes.value, attributes.disabled], ["ada@example.org", true]);
  const done = await submit(server, flow, byPassword({ email: "eve@example.org" }), {});
  assert.equal(done.status, 200, JSON.stringify(done.body));
  assert.equal(done.body.identity.traits.email, "ada@example.org");
});

withProvider(
  "they sign up by a provider, which says of them what the invitation does not",
  async ({ server, openid }) => {
    const { token, id } = await inviteByMail(server, "ada@work.example", { metadata_public: { plan: "gold" } });
    const claims = { email: "ada@home.example", given_name: "Ada", email_verified: true };
    const app = server.spa();
    const done = await signInBy(
      openid,
      app,
      { subject: "ada", claims },
      { kind: "registration", query: invited(token) },
    );
    assert.equal(done.status, 200, JSON.stringify(done.body));
    const { body } = await app.get("/sessions/whoami");
    assert.deepEqual(body.identity.traits, { email: "ada@work.example", name: { first: "Ada" } });
    assert.equal(body.identity.verifiable_addresses[0].verified, true);
    assert.deepEqual(body.identity.metadata_public, { plan: "gold" });
    assert.equal(await stateOf(server, id), "accepted");

    const { token: other } = await inviteByMail(server, "bob@work.example");
    const phone = await begin(server, "registration", {}, invited(other));
    const away = await submit(server, phone, { method: "oidc", provider: "acme" }, {});
    assert.equal(away.status, 422, JSON.stringify(away.body));
    const nameless = { subject: "bob", claims: { given_name: "Bob" } };
    const back = await server.browser().get(await openid.signIn(away.body.redirect_browser_to, nameless));
    const code = new URL(back.location!).searchParams.get("code");
    const home = await submit(server, phone, { method: "oidc", provider: "acme", return_to_code: code }, {});
    assert.equal(home.status, 200, JSON.stringify(home.body));
    assert.deepEqual(home.body.identity.traits, { email: "bob@work.example", name: { first: "Bob" } });

    const uninvited = await signInBy(openid, server.spa(), {
      subject: "eve",
      claims: { email: "eve@example.org", email_verified: true },
    });
    assert.equal(uninvited.status, 400, "who signs in and is not known is not signed up");
  },
  { config: { selfservice: { flows: { registration: { by_invitation_only: true } } } } },
);
