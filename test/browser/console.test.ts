import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inChromium } from "../support/chromium.ts";
import { barriersOn } from "../support/axe.ts";
import { consoleOrigin, peopleOrigin, settled, visitConsole } from "../support/console-page.ts";
import type { ConsoleVisit } from "../support/console-page.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { startServer } from "../support/server.ts";

const password = "correct horse battery";
const mapper = `base64://${btoa("{ identity: { traits: { email: 'a@example.org' } } }")}`;

/** An engine embedded, and one as in production: what differs between these and others is no matter of screens. */
const walked = databases.filter((one) => one !== "mysql");

const leaving = { selfservice: { deletion: { enabled: true } } };

interface Furnished {
  /** A person who has signed in, been sent a code, and asked for the deletion of their account. */
  readonly id: string;
  readonly message: string;
  readonly event: string;
  readonly subscription: string;
}

/** Something of everything that a screen can show. */
async function furnish({ server }: ConsoleVisit): Promise<Furnished> {
  const { admin, native, createPerson } = server;
  const { id } = await createPerson({ email: "ada@example.org", password });
  await createPerson({ email: "grace@example.org", password });
  const { body: login } = await native.get("/self-service/login/api");
  const { body: signedIn } = await native.post(`/self-service/login?flow=${login.id}`, {
    method: "password",
    identifier: "ada@example.org",
    password,
  });
  const headers = { "x-session-token": signedIn.session_token };
  assert.equal((await native.send("PUT", "/account/deletion", { headers })).status, 200);
  const { body: recovery } = await native.get("/self-service/recovery/api");
  await native.post(`/self-service/recovery?flow=${recovery.id}`, { method: "code", email: "ada@example.org" });
  const provider = {
    id: "git",
    provider: "github",
    client_id: "us",
    client_secret: "nobody-knows",
    mapper_url: mapper,
  };
  await admin("POST", "/admin/providers", { json: provider });
  await admin("POST", "/admin/tenants", { json: { slug: "acme", hosts: ["id.acme.example"] } });
  await admin("POST", "/admin/invitations", { json: { recipient: { address: "joan@example.org" } } });
  const { subscription } = (await admin("POST", "/admin/subscriptions", { json: { url: "http://127.0.0.1:9/events" } }))
    .body;
  const [message] = (await admin("GET", "/admin/courier/messages")).body;
  const [event] = (await admin("GET", "/admin/events?types=SessionIssued")).body;
  return { id, message: message.id, event: event.id, subscription: subscription.id };
}

const screensOf = {
  people: ({ id, message, event, subscription }: Furnished) => [
    "/",
    "/identities",
    "/identities/new",
    `/identities/${id}`,
    "/invitations",
    "/invitations/new",
    "/sessions",
    "/explain?who=ada@example.org",
    "/messages",
    `/messages/${message}`,
    "/events",
    `/events/${event}`,
    "/subscriptions",
    "/subscriptions/new",
    `/subscriptions/${subscription}`,
    "/flows",
  ],
  setup: () => [
    "/schemas",
    "/schemas/person",
    "/providers",
    "/providers/new",
    "/providers/git",
    "/mappers",
    "/tenants",
    "/tenants/new",
    "/tenants/acme",
    "/configuration",
    "/administrators",
    "/api-keys",
    "/api-keys/new",
  ],
};

for (const [part, screens] of Object.entries(screensOf))
  inChromium(`no screen on ${part} has barriers, breaks the policy or is wider than a telephone`, async (t) => {
    const visit = await visitConsole(t, leaving);
    const { page, open, move, troubles } = visit;
    const furnished = await furnish(visit);
    await open("/nowhere");
    const barriers = await barriersOn(page, "/nowhere");
    for (const [at, path] of screens(furnished).entries()) {
      await page.emulateMedia({ colorScheme: at % 2 ? "dark" : "light" });
      await page.setViewportSize(at % 3 ? { width: 1280, height: 800 } : { width: 320, height: 640 });
      await move(path);
      barriers.push(...(await barriersOn(page, path)));
      await page.setViewportSize({ width: 320, height: 640 });
      for (const direction of ["ltr", "rtl"]) {
        await page.evaluate((dir) => void (document.documentElement.dir = dir), direction);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) barriers.push(`${path} is ${wide} wider than 320 pixels, ${direction}`);
      }
    }
    assert.deepEqual(barriers, [], barriers.join("\n"));
    assert.deepEqual(troubles, []);
  });

for (const dialect of walked)
  inChromium(
    `an administrator finds, makes, changes, disables, lets back in, signs out and deletes people (${dialect})`,
    async (t) => {
      const { dsn, drop } = await createMigrated(dialect);
      const visit = await visitConsole(t, leaving, dsn);
      // After the server, which lets go of it.
      t.after(() => drop());
      const { page, open, troubles, server } = visit;
      const { id } = await furnish(visit);
      const press = (name: string | RegExp) => page.getByRole("button", { name, exact: true }).click();
      const confirm = (name: string) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
      const said = (text: string | RegExp) => page.locator(".said").getByText(text).waitFor();

      // By keyboard: to the content, past the navigation.
      await open("/");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
      await page.getByRole("link", { name: "Identities", exact: true }).click();
      await settled(page);
      assert.equal(
        await page.evaluate(() => document.activeElement?.textContent),
        "Identities",
        "the heading has the focus",
      );

      await page.getByRole("searchbox").fill("ada@");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "grace@example.org" }).waitFor({ state: "detached" });
      await page.getByRole("link", { name: "ada@example.org" }).click();
      await page.getByRole("heading", { name: "ada@example.org" }).waitFor();

      await press("Edit traits");
      await page.getByLabel("First name").fill("Ada");
      await press("Save");
      await said("The traits were saved.");
      await press("Make a code");
      assert.match((await page.locator(".code").textContent()) ?? "", /^\d{6}$/);

      await page.getByRole("button", { name: /^End session/ }).click();
      await confirm("End session");
      await said("The session was ended.");
      await press("Export");
      const [copy] = await Promise.all([page.waitForEvent("download"), confirm("Download")]);
      assert.equal(copy.suggestedFilename(), `account-${id}.json`);
      assert.match(readFileSync(await copy.path(), "utf8"), /ada@example\.org/);
      await press("Cancel deletion");
      await confirm("Keep the account");
      await said("The account stays.");
      const { body: kept } = await server.admin("GET", `/admin/identities/${id}?expand=lifecycle`);
      assert.equal(kept.deletion_scheduled_at, undefined);
      await press("Disable");
      await confirm("Disable");
      await said("The account was disabled.");
      const { body: disabled } = await server.admin("GET", `/admin/identities/${id}`);
      assert.deepEqual([disabled.state, disabled.traits.name.first], ["inactive", "Ada"]);
      assert.deepEqual((await server.admin("GET", `/admin/identities/${id}/sessions?active=true`)).body, []);

      await press("Delete");
      const sure = page.getByRole("dialog").getByRole("button", { name: "Delete for good" });
      assert.ok(await sure.isDisabled(), "its name has to be typed first");
      await page.getByRole("dialog").getByRole("textbox").fill("ada@example.org");
      await sure.click();
      await said(/was deleted/);
      assert.equal((await server.admin("GET", `/admin/identities/${id}`)).status, 404);

      await page.getByRole("link", { name: "New identity" }).click();
      await page.getByLabel("E-mail").fill("grace@example.org");
      await press("Make the identity");
      const refused = page.getByRole("alert");
      await refused.waitFor();
      assert.match((await refused.textContent()) ?? "", /\w+ \w+.*conflict|409/s);
      await page.getByLabel("E-mail").fill("joan@example.org");
      await press("Make the identity");
      await page.getByRole("heading", { name: "joan@example.org" }).waitFor();
      assert.deepEqual(troubles, []);
    },
  );

for (const dialect of walked)
  inChromium(
    `where the admin API asks for credentials, administrators sign in to the console, and out (${dialect})`,
    async (t) => {
      const { dsn, drop } = await createMigrated(dialect);
      const unlocked = await startServer(t, { dsn });
      const { id } = await unlocked.createPerson({ email: "ada@example.org", password });
      await unlocked.admin("PUT", `/admin/administrators/${id}`, { json: { role: "owner" } });
      const grace = await unlocked.createPerson({ email: "grace@example.org", password });
      const changes = {
        serve: { admin: { authentication: { required: true } } },
        session: { impersonation: { enabled: true } },
        selfservice: {
          default_browser_return_url: `${peopleOrigin}/ui/welcome`,
          flows: { login: { ui_url: undefined } },
        },
      };
      const { page, open, server, troubles } = await visitConsole(t, changes, dsn);
      // After the servers, which let go of it.
      t.after(() => drop());
      const refusals: string[] = [];
      page.on("response", (response) => void (response.ok() || refusals.push(response.url())));
      await open("/api-keys");
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      assert.deepEqual(refusals, [], "who only opens the console is refused nothing");
      assert.deepEqual(await barriersOn(page, "sign in"), []);
      await page.getByRole("link", { name: "Sign in to the console" }).click();
      await page.waitForURL(`${peopleOrigin}/ui/login**`);
      await page.fill("[name=identifier]", "ada@example.org");
      await page.fill("[name=password]", password);
      await page.locator("[name=method][value=password]").click();
      await page.waitForURL(`${consoleOrigin}/console/api-keys`);
      await settled(page);

      await page.getByRole("link", { name: "New key" }).click();
      await page.getByLabel("Name").fill("backups");
      await page.getByLabel("identities.read").check();
      await page.getByRole("button", { name: "Create the key" }).click();
      const key = (await page.getByRole("status").locator("code").first().textContent()) ?? "";
      const headers = { authorization: `Bearer ${key}` };
      assert.equal((await server.admin("GET", "/admin/identities", { headers })).status, 200);
      assert.equal((await server.admin("GET", "/admin/sessions", { headers })).status, 403);
      await page.getByRole("link", { name: "Back to the keys" }).click();
      await settled(page);
      assert.deepEqual(await barriersOn(page, "API keys"), []);
      await page.getByRole("button", { name: "Revoke backups" }).click();
      await page.getByRole("dialog").getByRole("textbox").fill("backups");
      await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
      await page.getByText("No keys").waitFor();
      assert.equal((await server.admin("GET", "/admin/identities", { headers })).status, 401);

      await open(`/identities/${id}`);
      assert.equal(await page.getByRole("button", { name: "Sign in as this person" }).count(), 0, "an administrator's");
      await open(`/identities/${grace.id}`);
      await page.getByRole("button", { name: "Sign in as this person" }).click();
      await page.getByLabel("Reason").fill("Ticket 4711");
      assert.deepEqual(await barriersOn(page, "the dialog of impersonation"), []);
      await page.getByRole("dialog").getByRole("button", { name: "Make a link" }).click();
      const [seen] = await Promise.all([
        page.context().waitForEvent("page"),
        page.getByRole("link", { name: "Open as grace@example.org" }).click(),
      ]);
      await seen.getByText("grace@example.org").first().waitFor();
      await seen.getByText(/signed in as grace@example\.org for support until/).waitFor();
      await open(`/identities/${grace.id}`);
      await page.getByText("Ticket 4711").waitFor();
      await seen.getByRole("link", { name: "End" }).click();
      await seen.waitForURL(`${peopleOrigin}/ui/signed-out`);
      await seen.close();
      await open(`/identities/${grace.id}`);
      await page.getByText("Not signed in anywhere").waitFor();

      await page.getByRole("link", { name: "Administrators" }).click();
      await page.getByRole("link", { name: "ada@example.org" }).waitFor();
      assert.deepEqual(await barriersOn(page, "administrators"), []);
      await page.locator(".who summary").click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await open("/identities");
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      assert.deepEqual(troubles, []);
    },
  );

inChromium("whatever the console has done can be done by a command that it shows", async (t) => {
  const { page, open, server } = await visitConsole(t);
  await open("/tenants/new");
  await page.getByLabel("Slug").fill("acme");
  await page.getByRole("button", { name: "Make the tenant" }).click();
  await page.getByRole("heading", { name: "acme" }).waitFor();
  await page.getByLabel("Tenant", { exact: true }).selectOption("acme");
  await page.getByRole("link", { name: "Identities", exact: true }).click();
  await settled(page);
  await page.getByRole("button", { name: /command$/ }).click();
  await page.getByRole("dialog").locator("pre").first().waitFor();
  const commands = await page.getByRole("dialog").locator("pre").allTextContents();
  assert.match(commands[0] ?? "", /^curl .*'x-tenant: acme'.*\/admin\/identities\?/s);
  assert.match(commands[1] ?? "", /^grpcurl .*ostiary\.admin\.v1\.IdentityService\/ListIdentities$/s);
  const shown = new RegExp(`'${consoleOrigin}(/[^']*)'`).exec(commands[0] ?? "")?.[1];
  const { status, body } = await server.admin("GET", shown ?? "", { headers: { "x-tenant": "acme" } });
  assert.deepEqual([status, body], [200, []]);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

inChromium("people are invited, invited again, and no longer, by the console", async (t) => {
  const { page, open, server, troubles } = await visitConsole(t);
  const said = (text: string | RegExp) => page.locator(".said").getByText(text).waitFor();
  const confirm = (name: string) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
  await open("/invitations/new");
  await page.getByLabel("Recipient").fill("joan@example.org");
  await page.getByLabel("First name").fill("Joan");
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await said("The invitation was sent to joan@example.org.");
  await page.getByRole("button", { name: "Resend to joan@example.org" }).click();
  await confirm("Resend");
  await said("Another link was sent to joan@example.org.");
  await page.getByRole("button", { name: "Revoke for joan@example.org" }).click();
  await confirm("Revoke");
  await said("The invitation of joan@example.org was revoked.");
  await page.getByLabel("State").selectOption("pending");
  await page.getByText("No invitations").waitFor();
  const [{ traits, state }] = (await server.admin("GET", "/admin/invitations")).body;
  assert.deepEqual([traits, state], [{ email: "joan@example.org", name: { first: "Joan" } }, "revoked"]);

  await page.getByRole("link", { name: "New invitation" }).click();
  await page.getByLabel("Recipient").fill("ida@example.org");
  await page.getByLabel("Hand the link out myself").check();
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = (await page.getByRole("status").locator("code").first().textContent()) ?? "";
  const { searchParams } = new URL(link);
  const begun = await server.native.get(`/self-service/registration/api?${searchParams}`);
  assert.equal(begun.body.invitation.address, "ida@example.org");
  assert.deepEqual(troubles, []);
});

for (const dialect of walked)
  inChromium(`providers are made, tried and removed, and mappers tried, by the console (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    const changes = { selfservice: { methods: { oidc: { enabled: true } } } };
    const { page, open, server, troubles } = await visitConsole(t, changes, dsn);
    t.after(() => drop());
    const said = (text: string | RegExp) => page.locator(".said").getByText(text).waitFor();
    await open("/providers/new");
    const config = {
      id: "git",
      provider: "github",
      client_id: "us",
      client_secret: "nobody-knows",
      mapper_url: mapper,
    };
    await page.getByLabel("Provider", { exact: true }).fill(JSON.stringify(config));
    await page.getByRole("button", { name: "Save" }).click();
    await said("The provider was made.");
    await page.getByRole("button", { name: "Check it" }).click();
    await page.getByText("mapper", { exact: true }).waitFor();
    assert.doesNotMatch(await page.content(), /nobody-knows/);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("git");
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await said("git was deleted.");
    assert.deepEqual((await server.admin("GET", "/admin/providers")).body, []);

    await page.getByRole("link", { name: "Mappers" }).click();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("heading", { name: "The identity" }).waitFor();
    await page.getByLabel("Program").fill("{ identity: ");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText("evaluation_failed").waitFor();

    await page.getByLabel("Mapper of").selectOption("template");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("heading", { name: "The claims of the token" }).waitFor();
    await page.getByRole("status").getByText("ada@example.org").first().waitFor();
    assert.deepEqual(troubles, []);
  });
