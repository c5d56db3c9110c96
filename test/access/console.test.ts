import assert from "node:assert/strict";
import { test } from "node:test";
import { createMigrated, databases } from "../support/databases.ts";
import { password } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import { askWho, beginAt, byConsole, enter, openBrowser, signInAt } from "./two-ports.ts";

const required = { serve: { admin: { authentication: { required: true } } } };
const owner = "owner@example.org";

for (const dialect of databases)
  test(`an administrator signs in to the console, on two hosts (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    t.after(() => drop());
    // Before the door is locked.
    const open = await startServer(t, { dsn });
    const { id } = await open.createPerson({ email: owner, password });
    await open.createPerson({ email: "stranger@example.org", password });
    const granted = await open.admin("PUT", `/admin/administrators/${id}`, { json: { role: "owner" } });
    assert.equal(granted.status, 200, JSON.stringify(granted.body));
    const server = await startServer(t, { dsn, config: required });
    const browser = openBrowser(server);

    await t.test("who is not signed in is told where to sign in", async () => {
      const { status, body } = await askWho(browser);
      assert.equal(status, 401);
      assert.equal(body.error.id, "admin_credential_required");
      assert.equal(body.redirect_browser_to, "http://admin.example.org/admin/console/sign-in");
    });

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
      assert.equal((await askWho(other)).status, 401);
      for (const [name, value] of kept) other.console.cookies.set(name, value);
      assert.equal((await askWho(other)).status, 401);
    });

    await t.test("the account of nobody with a role does not get in", async () => {
      const other = openBrowser(server);
      await signInAt(other, "stranger@example.org");
      const refused = await beginAt(other);
      assert.equal(refused.status, 303);
      assert.match(refused.location!, /\/error\?id=/);
    });
  });
