import assert from "node:assert/strict";
import { inChromium } from "../support/chromium.ts";
import { settled, visitConsole } from "../support/console-page.ts";
import { password, signInNatively } from "../support/person.ts";
import { runSql } from "../support/run-sql.ts";

inChromium(
  "an administrator finds what has happened, watches it happen, and sees that nobody has changed it",
  async (t) => {
    const { page, open, server, troubles } = await visitConsole(t);
    const { id: ada } = await server.createPerson({ email: "ada@example.org", password });
    await server.createPerson({ email: "grace@example.org", password });
    await signInNatively(server, "ada@example.org");
    const rows = page.getByRole("row");
    const named = (name: string) => page.getByRole("link", { name, exact: true });

    await open("/");
    await page.getByRole("link", { name: "Events", exact: true }).click();
    await named("Login succeeded").waitFor();
    await settled(page);
    assert.equal(await rows.count(), 1 + 4);

    await page.getByLabel("Account").fill(ada);
    await page.getByLabel("Types").fill("SessionIssued, LoginSucceeded");
    await page.keyboard.press("Enter");
    await named("Identity created").first().waitFor({ state: "detached" });
    await settled(page);
    assert.equal(await rows.count(), 1 + 2);

    // What was asked for is heard of as it happens, and nothing else.
    await page.getByRole("button", { name: "Follow" }).click();
    await page.getByText("live", { exact: true }).waitFor();
    await settled(page);
    for (const email of ["grace@example.org", "ada@example.org"]) await signInNatively(server, email);
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length >= 4);
    assert.equal(await rows.count(), 1 + 4);
    await page.getByRole("button", { name: "Stop following" }).click();
    await settled(page);
    assert.equal(await rows.count(), 1 + 4, "what was heard of stays");

    await named("Login succeeded").first().click();
    await page.getByText("fits", { exact: true }).waitFor();
    assert.match((await page.locator("pre.json").textContent()) ?? "", /"method": "password"/);
    await runSql(server.app.db, "update events set client_address = '203.0.113.9'");
    await page.reload();
    await page.getByText("does not fit", { exact: true }).waitFor();
    assert.deepEqual(troubles, []);
  },
);
