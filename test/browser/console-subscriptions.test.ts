import assert from "node:assert/strict";
import { barriersOn } from "../support/axe.ts";
import { inChromium } from "../support/chromium.ts";
import { consoleOrigin, peopleOrigin, settled, visitConsole } from "../support/console-page.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { startReceiver } from "../support/receiver.ts";
import { startServer } from "../support/server.ts";
import { password } from "../support/person.ts";
import { briskly, eventually, deliveriesOf, makeAccount, subscribe, verify } from "../support/subscriber.ts";

for (const dialect of databases.filter((one) => one !== "mysql"))
  inChromium(`an administrator subscribes a server, looks after it and ends it (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    const { page, open, server, troubles } = await visitConsole(t, briskly, dsn);
    t.after(() => drop());
    const receiver = await startReceiver(t);
    const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
    const confirm = (name: string) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
    const said = (text: string | RegExp) => page.locator(".said").getByText(text).waitFor();
    const secretShown = async () =>
      (await page.getByRole("status").locator("code").filter({ hasText: "whsec_" }).first().textContent()) ?? "";

    await open("/");
    await page.getByRole("link", { name: "Subscriptions", exact: true }).click();
    await page.getByText("No subscriptions").waitFor();
    await page.getByRole("link", { name: "New subscription" }).click();
    await page.getByLabel("Address").fill(receiver.url);
    await page.getByLabel("Types").fill("Identity*\nNothing*");
    await press("Subscribe");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Types").fill("IdentityCreated");
    await press("Subscribe");
    const secret = await secretShown();
    assert.deepEqual(await barriersOn(page, "a secret"), []);
    await page.getByRole("link", { name: "Go to the subscription" }).click();
    await settled(page);
    const id = new URL(page.url()).pathname.split("/").at(-1)!;

    await press("Send a test event");
    await page.getByText("204", { exact: true }).waitFor();
    verify(secret, receiver.received[0]!);
    await press("Rotate");
    await confirm("Rotate");
    const next = await secretShown();
    await page.getByText("Two keys sign").waitFor();
    await press("Send a test event");
    await receiver.until(({ length }) => length === 2);
    for (const key of [secret, next]) verify(key, receiver.received[1]!);

    receiver.answer(400);
    const account = await makeAccount(server, "ada@example.org");
    await eventually(async () => (await deliveriesOf(server, id))[0]?.attempts.length === 1, "tried");
    server.advance(73 * 3_600_000);
    await eventually(async () => (await deliveriesOf(server, id, "dead")).length === 1, "given up");
    await page.reload();
    await page.getByLabel("State").selectOption("dead");
    await page.getByText("dead letter", { exact: true }).waitFor();
    await settled(page);
    assert.deepEqual(await barriersOn(page, "a subscription"), []);
    await page.getByRole("link", { name: "Identity created" }).click();
    await settled(page);
    assert.deepEqual(await barriersOn(page, "a delivery"), []);
    await page.getByText("400", { exact: true }).first().waitFor();
    receiver.answer(204);
    receiver.received.length = 0;
    await press("Send once more");
    await receiver.until(({ length }) => length === 1);
    assert.equal(receiver.received[0]!.body.data.subject_id, account);

    await open(`/subscriptions/${id}`);
    await page.getByLabel("Dead letters alone").uncheck();
    await page.getByLabel("From").fill("2000-01-01T00:00");
    await press("Replay");
    await said("1 on their way once more.");
    await receiver.until(({ length }) => length === 2);
    await page.getByLabel("Description").fill("CRM");
    await press("Save");
    await page.getByRole("heading", { name: "CRM" }).waitFor();
    await press("Pause");
    await said("The subscription is paused.");
    await page.goto(`${consoleOrigin}/console/subscriptions`);
    await page.getByText("paused", { exact: true }).waitFor();
    await settled(page);
    assert.deepEqual(await barriersOn(page, "subscriptions"), []);
    await page.getByRole("link", { name: receiver.url }).click();
    await settled(page);
    await press("Resume");
    await said("The subscription goes on.");
    await press("Delete");
    await page.getByRole("dialog").getByRole("textbox").fill(new URL(receiver.url).host);
    await confirm("Delete");
    await page.getByText("No subscriptions").waitFor();
    assert.deepEqual(troubles, []);
  });

inChromium("who may only look sees subscriptions, and changes none", async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  const unlocked = await startServer(t, { dsn });
  const { id: vera } = await unlocked.createPerson({ email: "vera@example.org", password });
  await unlocked.admin("PUT", `/admin/administrators/${vera}`, { json: { role: "viewer" } });
  const receiver = await startReceiver(t);
  const { id } = await subscribe(unlocked, { url: receiver.url, types: ["IdentityDeleted"] });
  const locked = {
    serve: { admin: { authentication: { required: true } } },
    selfservice: { flows: { login: { ui_url: undefined } } },
  };
  const { page, open } = await visitConsole(t, locked, dsn);
  t.after(() => drop());
  await open("/subscriptions");
  await page.getByRole("link", { name: "Sign in to the console" }).click();
  await page.waitForURL(`${peopleOrigin}/ui/login**`);
  await page.fill("[name=identifier]", "vera@example.org");
  await page.fill("[name=password]", password);
  await page.locator("[name=method][value=password]").click();
  await page.waitForURL(`${consoleOrigin}/console/subscriptions`);
  await page.getByRole("link", { name: receiver.url }).click();
  await settled(page);
  for (const name of ["Pause", "Send a test event", "Save"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await settled(page);
  }
  await page.getByRole("alert").nth(2).waitFor();
  assert.equal(await page.getByRole("alert").count(), 3, "each is refused, and says so");
  assert.equal(receiver.received.length, 0);
  const { body } = await unlocked.adminClient.get(`/admin/subscriptions/${id}`);
  assert.deepEqual([body.state, body.updated_at], ["active", body.created_at]);
});
