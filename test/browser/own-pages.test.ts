import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { generateSync } from "otplib";
import type { Page } from "playwright-core";
import { inChromium } from "../support/chromium.ts";
import { databases } from "../support/databases.ts";
import { goToPage, said, visitOwnPages, welcomed } from "../support/own-pages.ts";
import type { OwnPages } from "../support/own-pages.ts";
import { password } from "../support/person.ts";
import { typedCode } from "../support/post.ts";
import { addAuthenticator } from "../support/virtual-authenticator.ts";
import { idOrigin } from "../support/website.ts";

const email = "ada@example.org";
const saved = 1050001;
const recovered = 1060001;
const codeInvalid = 4070006;
const verified = 1080002;
const wrongPassword = 4000006;

const press = (page: Page, value: string) => page.click(`button[name=method][value="${value}"]`);
const codeOf = ({ server }: OwnPages, secret: string) =>
  generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });

async function signIn(page: Page, secret = password): Promise<void> {
  await goToPage(page, "ui/login");
  await page.fill("[name=identifier]", email);
  await page.fill("[name=password]", secret);
  await press(page, "password");
}

async function signOut(page: Page): Promise<void> {
  await goToPage(page, "ui/settings");
  await page.click("nav .end a");
  await page.waitForURL(`${idOrigin}/ui/signed-out`);
}

async function signUpAndVerify({ page, post, server }: OwnPages): Promise<void> {
  await goToPage(page, "");
  await page.click("a[href=registration]");
  await page.fill("[name='traits.email']", email);
  await page.fill("[name=password]", "short");
  await press(page, "password");
  assert.equal(await page.getAttribute("[name=password]", "aria-invalid"), "true");
  await page.fill("[name=password]", password);
  await page.check("[type=checkbox][name='traits.newsletter']");
  await press(page, "password");
  await page.waitForURL(/\/ui\/verification\?/);
  const code = typedCode(await post.next());
  await page.fill("[name=code]", "000000");
  await press(page, "code");
  await said(page, codeInvalid);
  await page.fill("[name=code]", code);
  await press(page, "code");
  await said(page, verified);
  await goToPage(page, "ui/");
  await welcomed(page, email);
  const [person] = (await server.admin("GET", "/admin/identities")).body;
  assert.equal(person.traits.newsletter, true, "a check box arrives as what it is");
}

/** Returns the secret of the app and the backup codes. */
async function setUpSecondFactors(pages: OwnPages): Promise<{ secret: string; codes: string[] }> {
  const { page, server } = pages;
  await goToPage(page, "ui/settings");
  await page.fill("[name='traits.name.first']", "Ada");
  await page.uncheck("[type=checkbox][name='traits.newsletter']");
  await press(page, "profile");
  await said(page, saved);
  const [person] = (await server.admin("GET", "/admin/identities")).body;
  assert.equal(person.traits.name.first, "Ada");
  assert.equal(person.traits.newsletter, false);
  const secret = (await page.textContent("#totp-totp_secret_key"))!;
  await page.fill("[name=totp_code]", codeOf(pages, secret));
  await press(page, "totp");
  await said(page, saved);
  await page.click("button[name=lookup_secret_regenerate]");
  const codes = await page.locator(".codes code").allTextContents();
  assert.equal(codes.length, 12);
  await page.click("button[name=lookup_secret_confirm]");
  await said(page, saved);
  return { secret, codes };
}

async function useSecondFactors(pages: OwnPages, secret: string, code: string): Promise<void> {
  const { page, server } = pages;
  await signOut(page);
  await signIn(page);
  await goToPage(page, "self-service/login/browser?aal=aal2");
  // Each code of an app counts once.
  server.advance(30_000);
  await page.fill("[name=totp_code]", codeOf(pages, secret));
  await press(page, "totp");
  await welcomed(page, email);
  await signOut(page);
  await signIn(page);
  await goToPage(page, "self-service/login/browser?aal=aal2");
  await page.click("details.more > summary");
  await page.fill("[name=lookup_secret]", code);
  await press(page, "lookup_secret");
  await welcomed(page, email);
}

async function recover({ page, post }: OwnPages): Promise<void> {
  await signOut(page);
  await goToPage(page, "ui/login");
  await page.click("a[href^=recovery]");
  await page.fill("[name=email]", email);
  await press(page, "code");
  await page.fill("[name=code]", typedCode(await post.next()));
  await press(page, "code");
  await said(page, recovered);
  await page.fill("[name=password]", "a-new-horse-battery-7");
  await press(page, "password");
  await said(page, saved);
}

async function signOutElsewhere({ page, context }: OwnPages): Promise<void> {
  const other = await context.browser()!.newContext({ javaScriptEnabled: false });
  const phone = await other.newPage();
  await signIn(phone, "a-new-horse-battery-7");
  await welcomed(phone, email);
  await goToPage(page, "ui/sessions");
  await page.click("ul.list > li:last-child button");
  await page.waitForURL(/ended/);
  assert.equal(await page.locator("ul.list > li").count(), 1);
  await signIn(phone, "a-new-horse-battery-7");
  await welcomed(phone, email);
  await goToPage(page, "ui/sessions");
  await page.click("button[value=others]");
  await page.waitForURL(/ended/);
  assert.equal(await page.locator("ul.list > li").count(), 1);
  await goToPage(phone, "ui/welcome");
  assert.ok(await phone.isVisible("a[href=login]"), "whoever was signed out there is");
  await other.close();
}

for (const dialect of databases.filter((one) => one !== "mysql"))
  inChromium(`a person's whole life on the pages that come along, without a script (${dialect})`, async (t) => {
    const pages = await visitOwnPages(t, { dialect });
    await signUpAndVerify(pages);
    const { secret, codes } = await setUpSecondFactors(pages);
    await useSecondFactors(pages, secret, codes[3]!);
    await recover(pages);
    await signOutElsewhere(pages);
    assert.deepEqual(pages.complaints, []);
  });

inChromium("a person downloads what is known of them, and thinks better of leaving, without a script", async (t) => {
  const pages = await visitOwnPages(t, {
    config: { session: { lifespan: "24h" }, selfservice: { deletion: { enabled: true } } },
  });
  const { page, server, complaints } = pages;
  await server.createPerson({ email, password });
  await signIn(page);
  await welcomed(page, email);
  server.advance(2 * 3_600_000);
  await goToPage(page, "ui/settings");
  await page.click("button[value=export]");
  await page.waitForURL(/ui\/login\?flow=/);
  await page.fill("[name=password]", password);
  await press(page, "password");
  await page.waitForURL(/ui\/settings/);
  const [copy] = await Promise.all([page.waitForEvent("download"), page.click("button[value=export]")]);
  assert.equal(copy.suggestedFilename(), "account.json");
  assert.match(readFileSync(await copy.path(), "utf8"), /ada@example\.org/);
  const ask = () => page.click("#delete a");
  await ask();
  await page.click("form a");
  await ask();
  await page.click("button[value=delete]");
  await page.click("button[value=keep]");
  await page.waitForSelector("#delete a");
  assert.deepEqual(complaints, []);
});

inChromium("a person adds a passkey and signs in by it, and nothing breaks the policy of the page", async (t) => {
  const pages = await visitOwnPages(t, { script: true });
  const { page, server, complaints } = pages;
  const authenticator = await addAuthenticator(page);
  await server.createPerson({ email, password });
  await signIn(page);
  await welcomed(page, email);
  await goToPage(page, "ui/settings");
  await page.click("button[name=passkey_register_trigger]");
  await said(page, saved);
  assert.equal((await authenticator.credentials()).length, 1);
  await signOut(page);
  await authenticator.setUserVerified(false);
  await goToPage(page, "ui/login");
  await page.click("button[name=passkey_login_trigger]");
  await page.waitForSelector("#key-error:not([hidden])");
  await authenticator.setUserVerified(true);
  await page.click("button[name=passkey_login_trigger]");
  await welcomed(page, email);
  assert.deepEqual(
    complaints.filter((text) => !/NotAllowedError/.test(text)),
    [],
  );
});

inChromium("a script shows passwords, keeps codes tidy and copies what is to be kept", async (t) => {
  const { page, server, context, complaints } = await visitOwnPages(t, { script: true });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: idOrigin });
  await server.createPerson({ email, password });
  await goToPage(page, "ui/login");
  await page.fill("[name=password]", password);
  await page.click("[data-reveal]");
  assert.equal(await page.getAttribute("[name=password]", "type"), "text");
  await page.fill("[name=identifier]", email);
  await press(page, "password");
  await welcomed(page, email);
  await goToPage(page, "ui/settings");
  await page.fill("[name=totp_code]", "123 456");
  assert.equal(await page.inputValue("[name=totp_code]"), "123456");
  await page.click("button[name=lookup_secret_regenerate]");
  const codes = await page.locator(".codes code").allTextContents();
  await page.click(".codes + p [data-copy]");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), codes.join("\n"));
  assert.deepEqual(complaints, []);
});

inChromium("a person signs in by the keyboard alone, and is led to what is wrong", async (t) => {
  const { page, server } = await visitOwnPages(t);
  await server.createPerson({ email, password });
  await goToPage(page, "ui/login");
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("name") ?? document.activeElement?.className);
  const tabTo = async (name: string) => {
    for (let steps = 0; steps < 10 && (await focused()) !== name; steps++) await page.keyboard.press("Tab");
    assert.equal(await focused(), name);
  };
  assert.equal(await focused(), "identifier");
  await page.keyboard.type(email);
  await tabTo("password");
  await page.keyboard.type("wrong-horse");
  await page.keyboard.press("Enter");
  await said(page, wrongPassword);
  assert.match((await focused())!, /message error/);
  await tabTo("password");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await welcomed(page, email);
});
