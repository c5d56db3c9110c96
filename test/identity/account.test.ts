import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Json } from "../support/client.ts";
import { mailTo } from "../support/mailbox.ts";
import { atOnce, begin, signedIn, signInNatively, submit } from "../support/person.ts";
import { openPost } from "../support/post.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { test } from "node:test";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";

const day = 86_400_000;
const deletion = { enabled: true, grace_period: "720h" };
const lasting = { session: { lifespan: "2400h" }, selfservice: { deletion } };

onEachDatabase(
  "everybody gets what is known of them, and nobody gets what is another's or secret",
  async (server) => {
    const ada = await signedIn(server, "ada@example.org");
    await signedIn(server, "bob@example.org");
    await server.admin("PATCH", `/admin/identities/${ada.id}`, {
      json: [{ op: "add", path: "/metadata_admin", value: { note: "watch" } }],
    });
    await submit(server, await begin(server, "recovery", {}), { method: "code", email: "ada@example.org" }, {});
    const own = await server.native.get("/account/export", { headers: ada.headers });
    assert.equal(own.status, 200, JSON.stringify(own.body));
    assert.match(own.headers.get("cache-control") ?? "", /no-store/);
    assert.equal(own.body.identity.traits.email, "ada@example.org");
    assert.deepEqual(
      own.body.credentials
        .map(({ type, identifiers }: Json) => [type, identifiers])
        .find(([type]: Json) => type === "password"),
      ["password", ["ada@example.org"]],
    );
    assert.equal(own.body.sessions.length, 1);
    assert.ok(own.body.events.some(({ type }: Json) => type === "LoginSucceeded"));
    assert.deepEqual(own.body.truncated, []);
    const wheres = ({ events }: Json) =>
      Object.fromEntries(events.map(({ actor, client_address: at }: Json) => [actor, at !== undefined]));
    assert.deepEqual(wheres(own.body), { identity: true, administrator: false }, "where administrators were is theirs");
    const { body: messages } = await server.admin("GET", "/admin/courier/messages?recipient=ada@example.org");
    assert.ok(messages.length > 0);
    assert.deepEqual(own.body.messages, [], "nobody has shown yet that the address is theirs");
    assert.doesNotMatch(JSON.stringify(own.body), /bob|hashed_password|watch|token_hash/);
    const { body: whole } = await server.admin("GET", `/admin/identities/${ada.id}/export`);
    assert.equal(whole.identity.metadata_admin.note, "watch");
    assert.equal(whole.messages.length, messages.length);
    assert.equal(wheres(whole).administrator, true);
    assert.equal((await server.admin("GET", `/admin/identities/${randomUUID()}/export`)).status, 404);
    assert.equal((await server.native.get("/account/export")).status, 401);
    server.advance(2 * 3_600_000);
    const stale = await server.native.get("/account/export", { headers: ada.headers });
    assert.equal(stale.body.error.id, "session_refresh_required");
  },
  {
    config: {
      session: { lifespan: "24h" },
      courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
      selfservice: { methods: { code: { enabled: true } }, flows: { recovery: { enabled: true, use: "code" } } },
    },
  },
);

onEachDatabase(
  "an account is deleted at the end of the grace period, unless its owner keeps it",
  async (server) => {
    const ada = await signedIn(server, "ada@example.org");
    const bob = await signedIn(server, "bob@example.org");
    const deletionOf = async ({ headers }: { headers: Record<string, string> }) =>
      (await server.native.get("/account/deletion", { headers })).body;
    const offered = await deletionOf(ada);
    assert.deepEqual(offered, { enabled: true, earliest_at: offered.earliest_at, ends_sessions: false });
    assert.ok(Math.abs(Date.parse(offered.earliest_at) - server.now().getTime() - 30 * day) < 60_000);
    const asked = await atOnce(3, () => server.native.send("PUT", "/account/deletion", { headers: ada.headers }));
    assert.deepEqual(
      asked.map(({ status }) => status),
      [200, 200, 200],
    );
    await server.native.send("PUT", "/account/deletion", { headers: bob.headers });
    const { scheduled_at: at, ...more } = await deletionOf(ada);
    assert.deepEqual(more, { enabled: true });
    assert.ok(Math.abs(Date.parse(at) - server.now().getTime() - 30 * day) < 60_000);
    const { body: shown } = await server.admin("GET", `/admin/identities/${ada.id}?expand=lifecycle`);
    assert.equal(shown.deletion_scheduled_at, at);

    server.advance(29 * day);
    await signInNatively(server, "bob@example.org");
    const { body: kept } = await server.native.delete("/account/deletion", { headers: bob.headers });
    assert.deepEqual([kept.enabled, kept.scheduled_at], [true, undefined]);
    server.advance(day);
    await gone(server, ada.id);
    assert.equal((await server.native.get("/sessions/whoami", { headers: ada.headers })).status, 401);
    server.advance(10 * day);
    assert.equal((await server.admin("GET", `/admin/identities/${bob.id}`)).status, 200);
    const { scheduled_at: none } = await deletionOf({ headers: await signInNatively(server, "bob@example.org") });
    assert.equal(none, undefined);
  },
  { config: lasting },
);

async function gone(server: TestServer, id: string): Promise<void> {
  for (let left = 100; (await server.admin("GET", `/admin/identities/${id}`)).status !== 404; left--) {
    assert.ok(left > 0, "the account is still there");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (const dialect of databases)
  test(`whoever has their account deleted is told once, and signs in once more to keep it (${dialect})`, async (t) => {
    const post = await openPost(t);
    const { dsn, drop } = await createMigrated(dialect);
    const server = await startServer(t, {
      dsn,
      config: { ...post.config, selfservice: { deletion: { ...deletion, end_sessions: "at_once" } } },
    });
    t.after(() => drop());
    const ada = await signedIn(server, "ada@example.org");
    const { body } = await server.native.send("PUT", "/account/deletion", { headers: ada.headers });
    assert.ok(body.scheduled_at);
    const mail = await mailTo(server, "ada@example.org", { type: "deletion_scheduled" });
    assert.match(mail.body, /will be deleted on \d{4}-/);
    assert.match(mail.body, /self-service\/settings\/browser/);
    assert.equal((await server.native.get("/sessions/whoami", { headers: ada.headers })).status, 401);
    const again = await signInNatively(server, "ada@example.org");
    await server.native.send("PUT", "/account/deletion", { headers: again });
    const { body: mails } = await server.admin("GET", "/admin/courier/messages?recipient=ada@example.org");
    assert.equal(mails.length, 1);
    assert.equal((await server.native.delete("/account/deletion", { headers: again })).status, 200);
    const { body: kept } = await server.native.get("/account/deletion", { headers: again });
    assert.equal(kept.scheduled_at, undefined);
  });

onEachDatabase(
  "administrators keep an account whose owner has asked for its deletion",
  async (server) => {
    const ada = await signedIn(server, "ada@example.org");
    await server.native.send("PUT", "/account/deletion", { headers: ada.headers });
    const deletion = `/admin/identities/${ada.id}/deletion`;
    for (const again of ["scheduled", "kept"]) {
      assert.equal((await server.admin("DELETE", deletion)).status, 204, again);
      const { body } = await server.admin("GET", `/admin/identities/${ada.id}?expand=lifecycle`);
      assert.equal(body.deletion_scheduled_at, undefined);
    }
    const { body: known } = await server.admin("GET", `/admin/identities/${ada.id}/export`);
    const cancelled = known.events.filter(({ type }: Json) => type === "IdentityDeletionCancelled");
    assert.deepEqual(
      cancelled.map(({ actor }: Json) => actor),
      ["administrator"],
    );
    server.advance(31 * day);
    await signInNatively(server, "ada@example.org");
    for (const nobody of ["00000000-0000-4000-8000-000000000000", "ada"])
      assert.equal((await server.admin("DELETE", `/admin/identities/${nobody}/deletion`)).status, 404);
  },
  { config: lasting },
);

onEachDatabase("accounts are not deleted where that is switched off", async (server) => {
  const { headers } = await signedIn(server);
  assert.deepEqual((await server.native.get("/account/deletion", { headers })).body, { enabled: false });
  assert.equal((await server.native.send("PUT", "/account/deletion", { headers })).status, 404);
  assert.equal((await server.native.send("PUT", "/account/deletion", {})).status, 401);
});

onEachDatabase(
  "an owner who can sign in always stays, however the others go",
  async (server) => {
    const [ada, bob, eve] = [
      await signedIn(server, "ada@example.org"),
      await signedIn(server, "bob@example.org"),
      await signedIn(server, "eve@example.org"),
    ];
    const rename = (id: string, role: string) => server.admin("PUT", `/admin/administrators/${id}`, { json: { role } });
    const turn = (id: string, state: string) =>
      server.admin("PATCH", `/admin/identities/${id}`, { json: [{ op: "replace", path: "/state", value: state }] });
    const leave = ({ headers }: { headers: Record<string, string> }) =>
      server.native.send("PUT", "/account/deletion", { headers });
    for (const { id } of [ada, bob]) assert.equal((await rename(id, "owner")).status, 200);

    const both = await Promise.all([ada, bob].map(({ id }) => turn(id, "inactive")));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 409], "of two who go at once, one stays");
    for (const { id } of [ada, bob]) await turn(id, "active");
    const adasHeaders = await signInNatively(server, "ada@example.org");
    assert.equal((await turn(bob.id, "inactive")).status, 200);
    for (const refused of [
      await turn(ada.id, "inactive"),
      await rename(ada.id, "viewer"),
      await server.adminClient.delete(`/admin/administrators/${ada.id}`),
      await server.adminClient.delete(`/admin/identities/${ada.id}`),
      await leave({ headers: adasHeaders }),
    ])
      assert.deepEqual([refused.status, refused.body.error.id], [409, "last_owner"]);

    await turn(bob.id, "active");
    assert.equal((await leave({ headers: adasHeaders })).status, 200);
    assert.equal((await leave(eve)).status, 200);
    assert.equal((await rename(bob.id, "viewer")).status, 200);
    server.advance(31 * day);
    await gone(server, eve.id);
    assert.equal((await server.admin("GET", `/admin/identities/${ada.id}`)).status, 200, "kept as the last owner");
  },
  { config: lasting },
);
