// Makes the pictures of docs/pictures anew: `node scripts/pictures.ts` starts a server with made-up people in it, and looks at its
// pages and its console in Chromium, by day, by night, on a telephone and from right to left.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { chromiumPath } from "../test/support/chromium-path.ts";
import { freePort } from "../test/support/free-port.ts";
import { run, stop, untilReady } from "./ui-walk/backend.ts";

const root = resolve(import.meta.dirname, "..");
const address = "ada.lovelace@example.org";
const password = "correct horse battery 9";
const wide = { width: 1000, height: 720 };
const desk = { width: 1280, height: 860 };
const telephone = { width: 320, height: 700 };

const names = (first: string, last: string) => ({ "label.traits.name.first": first, "label.traits.name.last": last });
const translations = { de: names("Vorname", "Nachname"), ar: names("الاسم الأول", "اسم العائلة") };
const inline = (content: unknown): string => `base64://${Buffer.from(JSON.stringify(content)).toString("base64")}`;

/** What a telephone says that it is. */
const agent =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1";

/** Where a server is. */
interface Site {
  readonly open: string;
  readonly admin: string;
}

async function start(folder: string): Promise<Site & { stop(): Promise<void> }> {
  const [openPort, adminPort] = [await freePort(), await freePort()];
  const site = { open: `http://localhost:${openPort}/`, admin: `http://localhost:${adminPort}/` };
  const words = [process.execPath, "bin/ostiary.js", "serve", "--dev", "-c", "examples/kratos.yml"];
  const server = run("server", folder, words, root, {
    DSN: "memory",
    SERVE_PUBLIC_PORT: String(openPort),
    SERVE_PUBLIC_BASE_URL: site.open,
    SERVE_ADMIN_PORT: String(adminPort),
    SERVE_ADMIN_BASE_URL: site.admin,
    SELFSERVICE_DEFAULT_BROWSER_RETURN_URL: `${site.open}ui/welcome`,
    SELFSERVICE_DELETION_ENABLED: "true",
    SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: "false",
    SELFSERVICE_METHODS_OIDC_ENABLED: "true",
    SELFSERVICE_PAGES_TRANSLATIONS_URL: inline(translations),
  });
  await untilReady(`${site.admin}health/ready`);
  return { ...site, stop: () => stop(server) };
}

async function post(url: string, body: object): Promise<unknown> {
  const headers = { "content-type": "application/json", "user-agent": agent };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** People, those who are invited, providers to sign in by, and one whose account is to be deleted. */
async function furnish({ open, admin }: Site): Promise<string> {
  await post(`${admin}admin/seed`, { count: 120 });
  const mapper = Buffer.from("{ identity: { traits: { email: 'a@example.org' } } }").toString("base64");
  for (const provider of ["google", "github"])
    await post(`${admin}admin/providers`, {
      id: provider,
      provider,
      client_id: "pictures",
      client_secret: "nobody-knows",
      mapper_url: `base64://${mapper}`,
    });
  const person = {
    schema_id: "person",
    traits: { email: address, name: { first: "Ada", last: "Lovelace" } },
    credentials: { password: { config: { password } } },
    verifiable_addresses: [{ value: address, verified: true, via: "email" }],
  };
  const { id } = (await post(`${admin}admin/identities`, person)) as { id: string };
  for (const name of ["grace", "joan", "mary"])
    await post(`${admin}admin/invitations`, { recipient: { address: `${name}@example.org` } });
  for (let devices = 0; devices < 2; devices++) await signInNatively(open);
  return id;
}

async function signInNatively(open: string): Promise<string> {
  const flow = (await (await fetch(`${open}self-service/login/api`)).json()) as { id: string };
  const form = { method: "password", identifier: address, password };
  const { session_token: token } = (await post(`${open}self-service/login?flow=${flow.id}`, form)) as {
    session_token: string;
  };
  return token;
}

async function leave(open: string): Promise<void> {
  const headers = { "x-session-token": await signInNatively(open) };
  await fetch(`${open}account/deletion`, { method: "PUT", headers });
}

/** A browser of its own, which takes pictures. */
async function look(browser: Browser, options: BrowserContextOptions, work: (page: Page) => Promise<void>) {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", ...options });
  try {
    await work(await context.newPage());
  } finally {
    await context.close();
  }
}

async function picture(page: Page, name: string, { whole = false } = {}): Promise<void> {
  const path = join(root, "docs/pictures", `${name}.png`);
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path, fullPage: whole, animations: "disabled" });
  console.log(name);
}

async function signIn(page: Page, open: string): Promise<void> {
  await page.goto(`${open}ui/login`);
  await page.fill("[name=identifier]", address);
  await page.fill("[name=password]", password);
  await page.click('button[name=method][value="password"]');
  await page.waitForURL(/welcome/);
}

async function picturePages(browser: Browser, { open }: Site): Promise<void> {
  const narrow = { viewport: { ...telephone } };
  await look(browser, { viewport: wide }, async (page) => {
    await page.goto(`${open}ui/login`);
    await picture(page, "sign-in", { whole: true });
    await signIn(page, open);
    await page.goto(`${open}ui/sessions`);
    await picture(page, "devices");
    await page.goto(`${open}ui/delete`);
    await picture(page, "delete-account", { whole: true });
    await page.goto(`${open}ui/inbox`);
    await picture(page, "inbox");
  });
  await look(browser, { viewport: wide, colorScheme: "dark" }, async (page) => {
    await signIn(page, open);
    await page.goto(`${open}ui/settings`);
    await picture(page, "account-dark");
  });
  await look(browser, narrow, async (page) => {
    await page.goto(`${open}ui/registration?lang=de`);
    await picture(page, "sign-up-german-320", { whole: true });
  });
  await look(browser, { ...narrow, colorScheme: "dark" }, async (page) => {
    await page.goto(`${open}ui/login?lang=ar`);
    await picture(page, "sign-in-dark-arabic-320", { whole: true });
    await page.goto(`${open}ui/inbox?lang=ar`);
    await picture(page, "inbox-dark-arabic-320");
  });
}

async function pictureConsole(browser: Browser, { admin }: Site, id: string): Promise<void> {
  const open = (page: Page, path: string) => page.goto(`${admin}console${path}`);
  await look(browser, { viewport: desk }, async (page) => {
    await open(page, "/");
    await picture(page, "console-overview");
    await open(page, `/identities/${id}`);
    await picture(page, "console-identity");
    await open(page, "/invitations");
    await picture(page, "console-invitations");
  });
  await look(browser, { viewport: desk, colorScheme: "dark" }, async (page) => {
    await open(page, "/identities");
    await picture(page, "console-dark");
  });
  await look(browser, { viewport: telephone }, async (page) => {
    await open(page, "/identities");
    await picture(page, "console-telephone");
  });
}

const folder = mkdtempSync(join(tmpdir(), "pictures-"));
const site = await start(folder);
const browser = await chromium.launch({ executablePath: chromiumPath!, chromiumSandbox: false });
try {
  const id = await furnish(site);
  await picturePages(browser, site);
  await leave(site.open);
  await pictureConsole(browser, site, id);
} finally {
  await browser.close();
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
}
