import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { inChromium, openChromium } from "../support/chromium.ts";
import { freePort } from "../support/free-port.ts";
import { addAuthenticator } from "../support/virtual-authenticator.ts";

const root = join(import.meta.dirname, "../..");

/** Starts the server as `npm start` does, at other ports; answers with what it says of where to look. */
async function npmStart(t: TestContext): Promise<Readonly<Record<string, string>>> {
  const [open, admin] = [await freePort(), await freePort()];
  // Browsers know no passkeys of addresses that are numbers.
  const base = `http://localhost:${open}/`;
  const words = ["bin/ostiary.js", "serve", "--dev", "-c", "examples/kratos.yml"];
  const child = spawn(process.execPath, words, {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      DSN: "memory",
      SERVE_PUBLIC_PORT: String(open),
      SERVE_PUBLIC_BASE_URL: base,
      SERVE_ADMIN_PORT: String(admin),
      SERVE_ADMIN_BASE_URL: `http://127.0.0.1:${admin}/`,
      SELFSERVICE_DEFAULT_BROWSER_RETURN_URL: `${base}ui/welcome`,
      SELFSERVICE_METHODS_PASSKEY_CONFIG_RP_ORIGINS: base.slice(0, -1),
      SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: "false",
      LOG_FORMAT: "json",
    },
  });
  t.after(() => child.kill());
  for await (const line of createInterface({ input: child.stderr })) {
    const said = JSON.parse(line) as Readonly<Record<string, string>>;
    if (said["event"] !== "listening") continue;
    child.stderr.resume();
    return said;
  }
  throw new Error("the server has not started");
}

inChromium("a newcomer signs up, reads the code in the inbox, adds a passkey and is in the console", async (t) => {
  const { pages, inbox, console: admin } = await npmStart(t);
  const context = await openChromium(t, { localhost: `http://127.0.0.1:${new URL(pages!).port}` });
  const mails = await context.newPage();
  await mails.goto(inbox!);
  await mails.waitForSelector(".empty");

  const page = await context.newPage();
  await page.goto(pages!);
  await page.click('a:has-text("Create an account")');
  await page.fill('[name="traits.email"]', "newcomer@example.org");
  await page.fill('[name="password"]', "correct horse battery 9");
  await page.click('button[name=method][value="password"]');
  await page.waitForSelector('[name="code"]');

  // The inbox shows what was sent by itself.
  const code = await mails.textContent("#messages code");
  await page.fill('[name="code"]', code!);
  await page.click('button[name=method][value="code"]');
  await page.waitForFunction(() => document.body.textContent!.includes("verified"));
  await page.goto(pages!);
  assert.match(await page.innerText("main"), /newcomer@example\.org/);

  await mails.click("#messages a.subject");
  const frame = mails.frameLocator("iframe");
  assert.match(await frame.locator("body").innerText(), new RegExp(code!));

  // A key is asked for by the page in front alone.
  await page.bringToFront();
  const authenticator = await addAuthenticator(page);
  await page.click('a:has-text("Manage your account")');
  await page.waitForURL(/settings/);
  await page.waitForLoadState();
  await page.click("button[name=passkey_register_trigger]");
  await page.waitForSelector("button[name=passkey_remove]");
  assert.equal((await authenticator.credentials()).length, 1);

  await page.goto(admin!);
  await page.click('a:text-is("Identities")');
  await page.click('a:has-text("newcomer@example.org")');
  await page.getByText("Passkeys").waitFor();
});
