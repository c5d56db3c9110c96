import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { generateSync } from "otplib";
import { inChromium } from "../support/chromium.ts";
import { databases } from "../support/databases.ts";
import { byKeyboard, byMouse } from "../support/hands.ts";
import type { Hands } from "../support/hands.ts";
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

/** A person before the pages, and how they work them. */
type Visitor = Pick<OwnPages, "page"> & { readonly hands: Hands };

type Life = OwnPages & Visitor;

const submit = ({ hands }: Visitor, value: string) => hands.press(`button[name=method][value="${value}"]`);
const codeOf = ({ server }: OwnPages, secret: string) =>
  generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });

async function signIn(visitor: Visitor, secret = password): Promise<void> {
  const { page, hands } = visitor;
  await goToPage(page, "ui/login");
  await hands.fill("[name=identifier]", email);
  await hands.fill("[name=password]", secret);
  await submit(visitor, "password");
  await welcomed(page, email);
}

async function signOut({ page, hands }: Visitor): Promise<void> {
  await goToPage(page, "ui/settings");
  await hands.press("nav .end a");
  await page.waitForURL(`${idOrigin}/ui/signed-out`);
}

async function signUpAndVerify(life: Life): Promise<void> {
  const { page, post, server, hands } = life;
  await goToPage(page, "");
  await hands.press("a[href=registration]");
  await hands.fill("[name='traits.email']", email);
  await hands.fill("[name=password]", "short");
  await submit(life, "password");
  assert.equal(await page.getAttribute("[name=password]", "aria-invalid"), "true");
  await hands.fill("[name=password]", password);
  await hands.turn("[type=checkbox][name='traits.newsletter']");
  await submit(life, "password");
  await page.waitForURL(/\/ui\/verification\?/);
  const code = typedCode(await post.next());
  await hands.fill("[name=code]", "000000");
  await submit(life, "code");
  await said(page, codeInvalid);
  await hands.fill("[name=code]", code);
  await submit(life, "code");
  await said(page, verified);
  await goToPage(page, "ui/");
  await welcomed(page, email);
  const [person] = (await server.admin("GET", "/admin/identities")).body;
  assert.equal(person.traits.newsletter, true, "a check box arrives as what it is");
}

/** Returns the secret of the app and the backup codes. */
async function setUpSecondFactors(life: Life): Promise<{ secret: string; codes: string[] }> {
  const { page, server, hands } = life;
  await goToPage(page, "ui/settings");
  await hands.fill("[name='traits.name.first']", "Ada");
  await hands.turn("[type=checkbox][name='traits.newsletter']");
  await submit(life, "profile");
  await said(page, saved);
  const [person] = (await server.admin("GET", "/admin/identities")).body;
  assert.equal(person.traits.name.first, "Ada");
  assert.equal(person.traits.newsletter, false);
  const secret = (await page.textContent("#totp-totp_secret_key"))!;
  await hands.fill("[name=totp_code]", codeOf(life, secret));
  await submit(life, "totp");
  await said(page, saved);
  await hands.press("button[name=lookup_secret_regenerate]");
  await page.waitForSelector(".codes");
  const codes = await page.locator(".codes code").allTextContents();
  assert.equal(codes.length, 12);
  await hands.press("button[name=lookup_secret_confirm]");
  await said(page, saved);
  return { secret, codes };
}

async function useSecondFactors(life: Life, secret: string, code: string): Promise<void> {
  const { page, server, hands } = life;
  await signOut(life);
  await signIn(life);
  await goToPage(page, "self-service/login/browser?aal=aal2");
  // Each code of an app counts once.
  server.advance(30_000);
  await hands.fill("[name=totp_code]", codeOf(life, secret));
  await submit(life, "totp");
  await welcomed(page, email);
  await signOut(life);
  await signIn(life);
  await goToPage(page, "self-service/login/browser?aal=aal2");
  await hands.press("details.more > summary");
  await hands.fill("[name=lookup_secret]", code);
  await submit(life, "lookup_secret");
  await welcomed(page, email);
}

async function recover(life: Life): Promise<void> {
  const { page, post, hands } = life;
  await signOut(life);
  await goToPage(page, "ui/login");
  await hands.press("a[href^=recovery]");
  await hands.fill("[name=email]", email);
  await submit(life, "code");
  await hands.fill("[name=code]", typedCode(await post.next()));
  await submit(life, "code");
  await said(page, recovered);
  await hands.fill("[name=password]", "a-new-horse-battery-7");
  await submit(life, "password");
  await said(page, saved);
}

async function signOutElsewhere(life: Life): Promise<void> {
  const { page, context, hands } = life;
  const other = await context.browser()!.newContext({ javaScriptEnabled: false });
  const phone = await other.newPage();
  const visitor = { page: phone, hands: byMouse(phone) };
  await signIn(visitor, "a-new-horse-battery-7");
  await goToPage(page, "ui/sessions");
  await hands.press("ul.list > li:last-child button");
  await page.waitForURL(/ended/);
  assert.equal(await page.locator("ul.list > li").count(), 1);
  await signIn(visitor, "a-new-horse-battery-7");
  await goToPage(page, "ui/sessions");
  await hands.press("button[value=others]");
  await page.waitForURL(/ended/);
  assert.equal(await page.locator("ul.list > li").count(), 1);
  await goToPage(phone, "ui/welcome");
  assert.ok(await phone.isVisible("a[href=login]"), "whoever was signed out there is");
  await other.close();
}

async function leaveAndStay(life: Life): Promise<void> {
  const { page, server, hands } = life;
  server.advance(2 * 3_600_000);
  await goToPage(page, "ui/settings");
  await hands.press("button[value=export]");
  await page.waitForURL(/ui\/login\?flow=/);
  await hands.fill("[name=password]", password);
  await submit(life, "password");
  await page.waitForURL(/ui\/settings/);
  const [copy] = await Promise.all([page.waitForEvent("download"), hands.press("button[value=export]")]);
  assert.equal(copy.suggestedFilename(), "account.json");
  assert.match(readFileSync(await copy.path(), "utf8"), /ada@example\.org/);
  const ask = () => hands.press("#delete a");
  await ask();
  await hands.press("form a");
  await ask();
  await hands.press("button[value=delete]");
  await hands.press("button[value=keep]");
  await page.waitForSelector("#delete a");
}

async function addPasskey(life: Life): Promise<void> {
  const { page, hands } = life;
  const authenticator = await addAuthenticator(page);
  await goToPage(page, "ui/settings");
  await hands.press("button[name=passkey_register_trigger]");
  await said(page, saved);
  assert.equal((await authenticator.credentials()).length, 1);
  await signOut(life);
  await authenticator.setUserVerified(false);
  await goToPage(page, "ui/login");
  await hands.press("button[name=passkey_login_trigger]");
  await page.waitForSelector("#key-error:not([hidden])");
  await authenticator.setUserVerified(true);
  // A virtual authenticator may be quicker, and pick the passkey that the page offers unasked.
  await Promise.race([hands.press("button[name=passkey_login_trigger]").catch(() => undefined), welcomed(page, email)]);
  await welcomed(page, email);
}

const ways = [
  { dialect: "sqlite", how: "by mouse", handsOf: byMouse },
  { dialect: "postgresql", how: "by the keyboard alone", handsOf: byKeyboard },
] as const;

for (const { dialect, how, handsOf } of ways.filter((way) => databases.includes(way.dialect))) {
  inChromium(`a person's whole life on the pages that come along, without a script, ${how} (${dialect})`, async (t) => {
    const pages = await visitOwnPages(t, { dialect });
    const life = { ...pages, hands: handsOf(pages.page) };
    await signUpAndVerify(life);
    const { secret, codes } = await setUpSecondFactors(life);
    await useSecondFactors(life, secret, codes[3]!);
    await recover(life);
    await signOutElsewhere(life);
    assert.deepEqual(pages.complaints, []);
  });

  inChromium(
    `a person downloads what is known of them, and thinks better of leaving, without a script, ${how} (${dialect})`,
    async (t) => {
      const config = { session: { lifespan: "24h" }, selfservice: { deletion: { enabled: true } } };
      const pages = await visitOwnPages(t, { dialect, config });
      const life = { ...pages, hands: handsOf(pages.page) };
      await pages.server.createPerson({ email, password });
      await signIn(life);
      await leaveAndStay(life);
      assert.deepEqual(pages.complaints, []);
    },
  );

  inChromium(
    `a person adds a passkey and signs in by it, and nothing breaks the policy of the page, ${how} (${dialect})`,
    async (t) => {
      const pages = await visitOwnPages(t, { dialect, script: true });
      const life = { ...pages, hands: handsOf(pages.page) };
      await pages.server.createPerson({ email, password });
      await signIn(life);
      await addPasskey(life);
      assert.deepEqual(
        pages.complaints.filter((text) => !/NotAllowedError/.test(text)),
        [],
      );
    },
  );
}

inChromium("a script shows passwords, keeps codes tidy and copies what is to be kept", async (t) => {
  const { page, server, context, complaints } = await visitOwnPages(t, { script: true });
  const visitor = { page, hands: byMouse(page) };
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: idOrigin });
  await server.createPerson({ email, password });
  await goToPage(page, "ui/login");
  await page.fill("[name=password]", password);
  await page.click("[data-reveal]");
  assert.equal(await page.getAttribute("[name=password]", "type"), "text");
  await page.fill("[name=identifier]", email);
  await submit(visitor, "password");
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

inChromium("whoever signs in by the keyboard alone is led to what is wrong", async (t) => {
  const pages = await visitOwnPages(t);
  const { page, server } = pages;
  const visitor = { page, hands: byKeyboard(page) };
  await server.createPerson({ email, password });
  await goToPage(page, "ui/login");
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("name") ?? document.activeElement?.className);
  assert.equal(await focused(), "identifier");
  await page.keyboard.type(email);
  await visitor.hands.fill("[name=password]", "wrong-horse");
  await page.keyboard.press("Enter");
  await said(page, wrongPassword);
  assert.match((await focused())!, /message error/);
  await visitor.hands.fill("[name=password]", password);
  await page.keyboard.press("Enter");
  await welcomed(page, email);
});
