import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { authorizationCodeGrant, buildEndSessionUrl } from "openid-client";
import { inChromium } from "../support/chromium.ts";
import { goToPage, visitOwnPages, welcomed } from "../support/own-pages.ts";
import { caller, impersonation, linkFor } from "../access/impersonating.ts";
import { password } from "../support/person.ts";
import { album, beginSignIn, embedded, registered, relyingParty } from "../support/relying-party.ts";
import { appOrigin, idOrigin } from "../support/website.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const email = "ada@example.org";
const press = (page: Page, value: string) => page.click(`button[name=method][value="${value}"]`);

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What keeps people from using a page, by the rules of WCAG 2.2 AA and what goes without saying. */
async function findings(page: Page, only?: readonly string[]): Promise<string[]> {
  // By the debugging protocol, which no policy of the page forbids.
  await page.evaluate(axe);
  const violations = await page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Finding[] }> } };
    return (await axe.run({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) })).violations;
  }, only);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** Looks at a page by day, by night, on the smallest screen (WCAG 2.2, 1.4.10), and from right to left. */
async function lookAt(page: Page, name: string): Promise<void> {
  const url = page.url();
  await page.locator("details").evaluateAll((all) => all.forEach((one) => one.setAttribute("open", "")));
  assert.deepEqual(await findings(page), [], `${name} by day`);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await findings(page, ["color-contrast"]), [], `${name} by night`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 640 });
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok((await width()) <= 320, `${name} is ${await width()} pixels wide`);
  const rightToLeft = new URL(url);
  rightToLeft.searchParams.set("lang", "ar");
  await page.goto(rightToLeft.href);
  assert.equal(await page.getAttribute("html", "dir"), "rtl");
  assert.deepEqual(await findings(page), [], `${name} from right to left`);
  assert.ok((await width()) <= 320, `${name} from right to left is ${await width()} pixels wide`);
  await page.setViewportSize({ width: 1000, height: 760 });
  await page.context().clearCookies({ name: "ostiary_lang" });
}

for (const paths of [
  ["welcome", "verification", "recovery"],
  ["registration", "error", "login"],
])
  inChromium(`nothing keeps people from using the pages on which they come in: ${paths.join(", ")}`, async (t) => {
    const { page } = await visitOwnPages(t, { script: true });
    for (const path of paths) {
      await goToPage(page, `ui/${path}`);
      await lookAt(page, path);
    }
  });

inChromium("nothing keeps people from using a page that tells what is wrong", async (t) => {
  const { page } = await visitOwnPages(t, { script: true });
  await goToPage(page, "ui/login");
  await page.fill("[name=identifier]", email);
  await page.fill("[name=password]", "wrong-horse");
  await press(page, "password");
  await page.waitForSelector("[role=alert]:not([hidden])");
  await lookAt(page, "login that failed");
});

inChromium("nothing keeps people from using the pages of their account", async (t) => {
  const { page, server } = await visitOwnPages(t, {
    script: true,
    config: { selfservice: { deletion: { enabled: true } }, session: { impersonation } },
  });
  const { id } = await server.createPerson({ email, password });
  await goToPage(page, "ui/login");
  await page.fill("[name=identifier]", email);
  await page.fill("[name=password]", password);
  await press(page, "password");
  await welcomed(page, email);
  await lookAt(page, "welcome of somebody");
  await goToPage(page, "ui/sessions");
  await lookAt(page, "sessions");
  await goToPage(page, "ui/delete");
  await lookAt(page, "deletion");
  await goToPage(page, "ui/settings");
  await page.click("button[name=lookup_secret_regenerate]");
  await page.waitForSelector(".codes");
  await lookAt(page, "settings");
  await goToPage(page, "ui/settings");
  await page.click("button[name=lookup_secret_regenerate]");
  await page.click("button[name=lookup_secret_confirm]");
  await goToPage(page, "self-service/login/browser?aal=aal2");
  await lookAt(page, "second factor");
  const { body: recovery } = await server.native.get("/self-service/recovery/api");
  await server.native.post(`/self-service/recovery?flow=${recovery.id}`, { method: "code", email });
  await goToPage(page, "ui/inbox");
  await lookAt(page, "inbox");
  await page.click("#messages a.subject");
  await page.waitForSelector("iframe");
  await lookAt(page, "message");
  await page.goto(await linkFor(server, await caller(server), id));
  await goToPage(page, "ui/sessions");
  await page.waitForSelector("aside.support");
  await lookAt(page, "sessions, with support signed in");
});

inChromium("nothing keeps people from letting an application in, and shutting it out", async (t) => {
  const { server, page, complaints } = await visitOwnPages(t, { script: true, config: embedded() });
  await server.createPerson({ email, password });
  const there = `${appOrigin}/callback`;
  const client = { ...album, redirect_uris: [there], policy_uri: "https://album.example.org/privacy" };
  const at = await relyingParty(server, await registered(server, client), idOrigin);
  const { url, checks } = await beginSignIn(at, { redirect_uri: there });
  await page.goto(url);
  await page.fill("[name=identifier]", email);
  await page.fill("[name=password]", password);
  await press(page, "password");
  await page.waitForURL(/ui\/consent/);
  await lookAt(page, "consent");
  await page.goto(page.url().replace(/&?lang=ar/, ""));
  assert.match((await page.textContent("main"))!, /Album[\s\S]*Your email address/);
  await page.click("button[value=allow]");
  await page.waitForURL(`${there}?**`);
  const tokens = await authorizationCodeGrant(at, new URL(page.url()), checks);
  assert.ok(tokens.refresh_token);

  await goToPage(page, "self-service/settings/browser");
  assert.match((await page.textContent("#applications"))!, /Album/);
  await page.click("#applications button");
  await page.waitForURL(/ui\/settings/);
  assert.equal(await page.locator("#applications").count(), 0);

  await page.goto(buildEndSessionUrl(at, {}).href);
  await lookAt(page, "sign-out");
  await page.goto(buildEndSessionUrl(at, {}).href);
  await page.click("button[name=logout]");
  await page.waitForURL(/ui\//);
  await goToPage(page, "ui/settings");
  await page.waitForURL(/ui\/login/);
  assert.deepEqual(complaints, []);
});
