import assert from "node:assert/strict";
import { test } from "node:test";
import { readEvents } from "../../src/events/read.ts";
import { newKeySecret } from "../../src/access/key-secret.ts";
import { databases } from "../support/databases.ts";
import { password } from "../support/person.ts";
import { reach } from "../support/rows.ts";
import { bearer, keyFor, startLocked } from "./locked.ts";

for (const dialect of databases)
  test(`programs call the admin API by keys (${dialect})`, async (t) => {
    const servers = await startLocked(t, dialect);
    const { open, locked } = servers;
    const list = (headers: Record<string, string>) => locked.admin("GET", "/admin/identities", { headers });
    const refused = async (headers: Record<string, string>, status: number, id: string) => {
      const answer = await list(headers);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.equal(answer.body.error.id, id);
      return answer;
    };

    await t.test("without a credential nobody is let in, and is told of what kind it would be", async () => {
      const { headers } = await refused({}, 401, "admin_credential_required");
      assert.equal(headers.get("www-authenticate"), 'Bearer realm="Ostiary admin API"');
      assert.equal((await locked.admin("GET", "/health/ready")).status, 200);
      assert.equal((await locked.admin("GET", "/version")).status, 200);
      assert.equal((await locked.admin("GET", "/metrics/prometheus")).status, 401);
    });

    await t.test("a key is shown once, and does what it is for", async () => {
      const { secret, id, body } = await keyFor(servers, ["identities.read"]);
      assert.match(secret, /^ost_[0-9A-Za-z]{49}$/);
      assert.equal(body.hint, secret.slice(0, 9));
      assert.equal(body.last_used_at, undefined);
      assert.equal((await list(bearer(secret))).status, 200);
      const shown = await open.admin("GET", `/admin/api-keys/${id}`);
      assert.ok(!JSON.stringify(shown.body).includes(secret));
      assert.match(shown.body.last_used_at, /:00Z$/, "to the minute");
      const write = await locked.adminClient.post("/admin/identities", {}, { headers: bearer(secret) });
      assert.equal(write.status, 403);
      assert.equal(write.body.error.details.scope, "identities.write");
    });

    await t.test("a wrong, mutilated or foreign key is none", async () => {
      const { secret } = await keyFor(servers, ["*"]);
      await refused(bearer(newKeySecret().secret), 401, "admin_credential_required");
      await refused(
        bearer(`${secret.slice(0, -1)}${secret.endsWith("a") ? "b" : "a"}`),
        401,
        "admin_credential_required",
      );
      await refused(bearer(secret.toLowerCase()), 401, "admin_credential_required");
      await refused({ authorization: `Basic ${secret}` }, 401, "admin_credential_required");
      await refused(bearer("ory_pat_abc"), 401, "admin_credential_required");
    });

    await t.test(
      "a key that was revoked, or given another secret, is of no use at once, on the other server too",
      async () => {
        const { id, secret } = await keyFor(servers, ["identities.read"]);
        assert.equal((await list(bearer(secret))).status, 200);
        const rotated = await open.admin("POST", `/admin/api-keys/${id}/rotate`);
        assert.equal(rotated.status, 200, JSON.stringify(rotated.body));
        await refused(bearer(secret), 401, "admin_credential_required");
        assert.equal((await list(bearer(rotated.body.secret))).status, 200);
        assert.equal((await open.admin("DELETE", `/admin/api-keys/${id}`)).status, 204);
        await refused(bearer(rotated.body.secret), 401, "admin_credential_required");
        assert.equal((await open.admin("DELETE", `/admin/api-keys/${id}`)).status, 404);
      },
    );

    await t.test("secrets of accounts need a scope of their own", async () => {
      await open.createPerson({ email: "pat@example.org", password });
      const { secret } = await keyFor(servers, ["identities.read"]);
      const asked = await locked.admin("GET", "/admin/identities?include_credential=password", {
        headers: bearer(secret),
      });
      assert.equal(asked.status, 403);
      assert.equal(asked.body.error.details.scope, "identities.reveal");
    });

    await t.test("nobody gives a key more than they have", async () => {
      const { secret } = await keyFor(servers, ["api_keys.*", "identities.read"]);
      const make = (scopes: string[], more = {}) =>
        locked.adminClient.post("/admin/api-keys", { name: "more", scopes, ...more }, { headers: bearer(secret) });
      assert.equal((await make(["identities.read"])).status, 201);
      for (const scopes of [["identities.write"], ["*"], ["*.read"], ["identities.*"]])
        assert.equal((await make(scopes)).status, 403, scopes[0]);
      assert.equal((await make(["identities.read"], { all_tenants: true })).status, 403);
      assert.equal((await make(["nonsense.read"])).status, 400);
      const strong = await keyFor(servers, ["*"]);
      const stolen = await locked.admin("POST", `/admin/api-keys/${strong.id}/rotate`, { headers: bearer(secret) });
      assert.equal(stolen.status, 403, "nor does anybody get the new secret of a stronger key");
    });

    await t.test("a key is for its tenant, unless it is for all", async () => {
      const made = await open.adminClient.post("/admin/tenants", { slug: "acme" });
      const acme = { "x-tenant": made.body.id };
      const ofDefault = await keyFor(servers, ["*"]);
      const ofAll = await keyFor(servers, ["*"], { all_tenants: true });
      const ofAcme = await keyFor(servers, ["*"], {}, acme);
      await refused({ ...acme, ...bearer(ofDefault.secret) }, 403, "admin_scope_required");
      assert.equal((await list({ ...acme, ...bearer(ofAll.secret) })).status, 200);
      assert.equal((await list({ ...acme, ...bearer(ofAcme.secret) })).status, 200);
      await refused(bearer(ofAcme.secret), 401, "admin_credential_required");
      const tenants = await locked.admin("GET", "/admin/tenants", { headers: { ...acme, ...bearer(ofAcme.secret) } });
      assert.equal(tenants.status, 403, "tenants are the server's");
      await refused({ "x-tenant": "nobody" }, 401, "admin_credential_required");
      assert.equal((await list({ "x-tenant": "nobody", ...bearer(ofAll.secret) })).status, 404);
    });

    await t.test("what is done by a key says so in its events", async () => {
      const { id, secret } = await keyFor(servers, ["identities.write"]);
      const made = await locked.adminClient.post(
        "/admin/identities",
        { schema_id: "person", traits: { email: "by-key@example.org" } },
        { headers: bearer(secret) },
      );
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const events = await readEvents(reach(locked.app.db), { after: 0, limit: 500 });
      const created = events.find(({ type, subjectId }) => type === "IdentityCreated" && subjectId === made.body.id)!;
      assert.deepEqual([created.actorKind, created.actorId], ["api_key", id]);
      assert.ok(
        events.some(({ type, payload }) => type === "ApiKeyCreated" && "key_id" in payload && payload.key_id === id),
      );
    });

    await t.test("keys are listed by pages", async () => {
      const headers = bearer((await keyFor(servers, ["api_keys.read"])).secret);
      const seen: string[] = [];
      let token = "";
      do {
        const page = await locked.admin("GET", `/admin/api-keys?page_size=3&page_token=${token}`, { headers });
        assert.equal(page.status, 200, JSON.stringify(page.body));
        seen.push(...page.body.map(({ id }: { id: string }) => id));
        token = /page_token=([^&>]+)[^>]*>; rel="next"/.exec(page.headers.get("link")!)?.[1] ?? "";
      } while (token);
      assert.ok(seen.length > 6);
      assert.deepEqual(seen, [...new Set(seen)].toSorted());
    });

    await t.test("a key that has expired is of no use", async () => {
      const expires_at = new Date(locked.now().getTime() + 60_000).toISOString();
      const { secret } = await keyFor(servers, ["identities.read"], { expires_at });
      assert.equal((await list(bearer(secret))).status, 200);
      locked.advance(61_000);
      await refused(bearer(secret), 401, "admin_credential_required");
    });
  });
