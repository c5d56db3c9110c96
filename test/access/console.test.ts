import assert from "node:assert/strict";
import { test } from "node:test";
import { readEvents } from "../../src/events/read.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { password } from "../support/person.ts";
import { reach } from "../support/rows.ts";
import { startServer } from "../support/server.ts";
import { askWho, beginAt, byConsole, enter, openBrowser, signInAt } from "./two-ports.ts";

const recovery = {
  selfservice: {
    methods: { code: { enabled: true } },
    flows: { recovery: { enabled: true, ui_url: "http://app.example.org/recovery" } },
  },
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/" } },
};
const required = { ...recovery, serve: { admin: { authentication: { required: true } } } };
const owner = "owner@example.org";

for (const dialect of databases)
  test(`an administrator signs in to the console, on two hosts (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    t.after(() => drop());
    // Before the door is locked.
    const open = await startServer(t, { dsn, config: recovery });
    const { id } = await open.createPerson({ email: owner, password });
    await open.createPerson({ email: "stranger@example.org", password });
    const granted = await open.admin("PUT", `/admin/administrators/${id}`, { json: { role: "owner" } });
    assert.equal(granted.status, 200, JSON.stringify(granted.body));
    const server = await startServer(t, { dsn, config: required });
    const browser = openBrowser(server);

    await t.test(
      "who is not signed in is told so without an error, and where to sign in once they want something",
      async () => {
        const { status, body } = await askWho(browser);
        assert.equal(status, 200);
        assert.deepEqual([body.identity_id, body.scopes, body.authentication_required], ["", [], true]);
        const refused = await browser.console.get("/admin/identities", { accept: "application/json" });
        assert.equal(refused.status, 401);
        assert.equal(refused.body.error.id, "admin_credential_required");
        assert.equal(refused.body.redirect_browser_to, "http://admin.example.org/admin/console/sign-in");
      },
    );

    await t.test("the public port sends whoever is a stranger to sign in, and has them come back", async () => {
      const { status, location } = await beginAt(browser);
      assert.equal(status, 303);
      const login = new URL(location!);
      assert.equal(login.pathname, "/self-service/login/browser");
      const begun = await browser.people.get(login.href);
      assert.equal(begun.status, 303, JSON.stringify(begun.body));
      assert.match(login.searchParams.get("return_to")!, /^http:\/\/id\.example\.org\/self-service\/console\?request=/);
    });

    await t.test("who has signed in comes back with a code, and is in", async () => {
      await signInAt(browser, owner);
      const entered = await enter(browser, "?return_to=/console/identities");
      assert.equal(entered.status, 303, JSON.stringify(entered.body));
      assert.equal(entered.location, "http://admin.example.org/console/identities");
      const cookie = entered.headers.getSetCookie().find((line) => line.startsWith("ostiary_console="))!;
      assert.match(cookie, /; Path=\/; .*HttpOnly; SameSite=Strict$/);
      assert.doesNotMatch(cookie, /Domain/);
      const { status, body } = await askWho(browser);
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.identity_id, id);
      assert.equal(body.display_name, owner);
      assert.equal(body.role, "owner");
      assert.ok(body.scopes.includes("administrators.write"));
      assert.equal(body.authentication_required, true);
    });

    await t.test("and reads and changes by it", async () => {
      const read = await browser.console.get("/admin/identities", { accept: "application/json", headers: byConsole });
      assert.equal(read.status, 200);
      assert.equal(read.body.length, 2);
    });

    await t.test("who signs out is out", async () => {
      const other = openBrowser(server);
      await signInAt(other, owner);
      await enter(other);
      const kept = new Map(other.console.cookies);
      const out = await other.console.delete("/admin/console/session", { headers: byConsole });
      assert.equal(out.status, 204, JSON.stringify(out.body));
      assert.equal((await askWho(other)).body.identity_id, "");
      for (const [name, value] of kept) other.console.cookies.set(name, value);
      assert.equal((await askWho(other)).body.identity_id, "");
    });

    await t.test("the account of nobody with a role does not get in", async () => {
      const other = openBrowser(server);
      await signInAt(other, "stranger@example.org");
      const refused = await beginAt(other);
      assert.equal(refused.status, 303);
      assert.match(refused.location!, /\/error\?id=/);
    });

    await t.test("another site cannot make a browser do anything by its cookie", async () => {
      const json = { schema_id: "person", traits: { email: "forged@example.org" } };
      const tried: Record<string, string>[] = [
        {},
        { "sec-fetch-site": "same-origin" },
        { ...byConsole, "sec-fetch-site": "cross-site" },
        { ...byConsole, "sec-fetch-site": "same-site" },
        { ...byConsole, "sec-fetch-site": "none" },
        { "x-ostiary-console": "1", origin: "https://evil.example" },
        { "x-ostiary-console": "1", origin: "null" },
      ];
      for (const headers of tried) {
        const { status, body } = await browser.console.post("/admin/identities", json, { headers });
        assert.equal(status, 403, JSON.stringify(headers));
        assert.equal(body.error.id, "security_csrf_violation", JSON.stringify(headers));
      }
      const out = await browser.console.delete("/admin/console/session", {
        headers: { "sec-fetch-site": "cross-site" },
      });
      assert.equal(out.status, 401);
      const framed = await browser.console.get("/admin/identities", { headers: { "sec-fetch-site": "cross-site" } });
      assert.equal(framed.status, 403);
      const fine = await browser.console.post("/admin/identities", json, {
        headers: { ...byConsole, origin: "http://admin.example.org" },
      });
      assert.equal(fine.status, 201, JSON.stringify(fine.body));
      const events = await readEvents(reach(server.app.db), { after: 0, limit: 500 });
      const created = events.find(({ type, subjectId }) => type === "IdentityCreated" && subjectId === fine.body.id)!;
      assert.deepEqual([created.actorKind, created.actorId], ["administrator", id]);
    });

    await t.test("a code is of use once, soon, and to the browser that began", async () => {
      const victim = openBrowser(server);
      await signInAt(victim, owner);
      const { location } = await beginAt(victim);
      const thief = openBrowser(server);
      const stolen = await thief.console.get(location!, { accept: "application/json" });
      assert.equal(stolen.status, 401, "nobody else has what the browser keeps");
      await thief.console.get("/admin/console/sign-in");
      assert.equal((await thief.console.get(location!, { accept: "application/json" })).status, 401, "nor another one");
      const looked = await victim.console.send("GET", location!, { headers: { "sec-purpose": "prefetch" } });
      assert.equal(looked.status, 401, "who only looks uses nothing up");
      assert.equal((await victim.console.get(location!)).status, 303);
      const again = openBrowser(server);
      await signInAt(again, owner);
      const late = await beginAt(again);
      server.advance(61_000);
      assert.equal((await again.console.get(late.location!, { accept: "application/json" })).status, 401);
    });

    await t.test("a code used at the same time from several windows opens one session", async () => {
      const one = openBrowser(server);
      await signInAt(one, owner);
      const { location } = await beginAt(one);
      const kept = [...one.console.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const tried = await Promise.all(
        Array.from({ length: 8 }, () =>
          one.console.get(location!, { accept: "application/json", headers: { cookie: kept } }),
        ),
      );
      assert.equal(tried.filter(({ status }) => status === 200).length, 1);
    });

    await t.test("a request that nobody has sealed leads nowhere", async () => {
      const forged = await browser.people.get("/self-service/console?request=AAAA", { accept: "application/json" });
      assert.equal(forged.status, 400, JSON.stringify(forged.body));
    });

    await t.test("who is sent back elsewhere than to the console lands on its first page", async () => {
      for (const path of [
        "https://evil.example/",
        "//evil.example",
        "/console/..//evil.example",
        "/console\\evil",
        "/admin",
      ]) {
        const entered = await enter(browser, `?return_to=${encodeURIComponent(path)}`);
        assert.equal(entered.location, "http://admin.example.org/console/", path);
      }
    });

    await t.test("roles are changed, and an owner always stays", async () => {
      const by = { headers: byConsole };
      const last = await browser.console.delete(`/admin/administrators/${id}`, by);
      assert.equal(last.status, 409, JSON.stringify(last.body));
      assert.equal(last.body.error.id, "last_owner");
      const demoted = await browser.console.send("PUT", `/admin/administrators/${id}`, {
        json: { role: "viewer" },
        ...by,
      });
      assert.equal(demoted.status, 409);
      assert.equal((await browser.console.delete(`/admin/identities/${id}`, by)).status, 409);
      const { id: other } = await open.createPerson({ email: "second@example.org", password });
      await open.admin("PUT", `/admin/administrators/${other}`, { json: { role: "owner" } });
      const both = await Promise.all([id, other].map((one) => open.admin("DELETE", `/admin/administrators/${one}`)));
      assert.deepEqual(both.map(({ status }) => status).toSorted(), [204, 409], "of two who go at once, one stays");
      const left = await open.admin("GET", "/admin/administrators");
      assert.equal(left.body.length, 1);
      // For what follows.
      await open.admin("PUT", `/admin/administrators/${id}`, { json: { role: "owner" } });
    });

    await t.test("support helps people, and no administrators", async () => {
      const { id: helper } = await open.createPerson({ email: "helper@example.org", password });
      await open.admin("PUT", `/admin/administrators/${helper}`, { json: { role: "support" } });
      const helping = openBrowser(server);
      await signInAt(helping, "helper@example.org");
      await enter(helping);
      const recover = (identity_id: string) =>
        helping.console.post("/admin/recovery/code", { identity_id }, { headers: byConsole });
      const stranger = await open.admin("GET", "/admin/identities?credentials_identifier=stranger@example.org");
      assert.equal((await recover(stranger.body[0].id)).status, 201);
      const owned = await recover(id);
      assert.equal(owned.status, 403, JSON.stringify(owned.body));
      assert.equal(owned.body.error.details.scope, "administrators.write");
      assert.equal((await helping.console.get("/admin/api-keys", { headers: byConsole })).status, 403);
      // A role that is taken away counts no more.
      await open.admin("DELETE", `/admin/administrators/${helper}`);
      assert.equal((await askWho(helping)).body.identity_id, "");
    });

    await t.test("the session of the console ends with that at the public port, at once", async () => {
      const one = openBrowser(server);
      await signInAt(one, owner);
      await enter(one);
      assert.equal((await askWho(one)).body.identity_id, id);
      await open.admin("DELETE", `/admin/identities/${id}/sessions`);
      assert.equal((await askWho(one)).body.identity_id, "");
    });

    await t.test("and when nobody has used it for a while", async () => {
      const one = openBrowser(server);
      await signInAt(one, owner);
      await enter(one);
      server.advance(29 * 60_000);
      assert.equal((await askWho(one)).body.identity_id, id);
      server.advance(29 * 60_000);
      assert.equal((await askWho(one)).body.identity_id, id, "it was used");
      server.advance(31 * 60_000);
      assert.equal((await askWho(one)).body.identity_id, "");
    });
  });
