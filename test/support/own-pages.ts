import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { createMigrated, type databases } from "./databases.ts";
import { mergeTrees } from "./config.ts";
import type { ConfigTree } from "./config.ts";
import { keyConfig } from "./keys.ts";
import { openChromium } from "./chromium.ts";
import { openPost } from "./post.ts";
import type { Post } from "./post.ts";
import { startServer } from "./server.ts";
import type { TestServer } from "./server.ts";
import { appOrigin, idOrigin } from "./website.ts";

const rp = { id: new URL(idOrigin).hostname.replace("id.", ""), display_name: "Site", origins: [idOrigin] };
const sends = { hooks: [{ hook: "session" }, { hook: "show_verification_ui" }] };
const own = { ui_url: undefined };

/** A server whose flows have no pages but those that come along, and every method. */
export const ownPagesConfig: ConfigTree = mergeTrees(keyConfig(), {
  serve: { public: { base_url: `${idOrigin}/` } },
  selfservice: {
    default_browser_return_url: `${idOrigin}/ui/welcome`,
    methods: {
      code: { enabled: true },
      totp: { enabled: true, config: { issuer: "Site" } },
      lookup_secret: { enabled: true },
      passkey: { config: { rp } },
      webauthn: { config: { rp } },
    },
    flows: {
      error: own,
      login: own,
      registration: { ...own, after: { password: sends } },
      settings: own,
      recovery: { enabled: true, use: "code" },
      verification: { enabled: true, use: "code" },
    },
  },
});

/** A browser before the pages of a server. */
export interface OwnPages {
  readonly server: TestServer;
  readonly post: Post;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What browsers and pages complained of. */
  readonly complaints: string[];
}

/** What differs from one visit to another. */
export interface OwnPagesOptions {
  /** Whether pages may run their script; they may not unless said otherwise. */
  readonly script?: boolean;
  readonly dialect?: (typeof databases)[number];
  readonly config?: ConfigTree;
}

/** Opens a browser of its own before the pages of a server of its own. */
export async function visitOwnPages(t: TestContext, options: OwnPagesOptions = {}): Promise<OwnPages> {
  const { script = false, dialect, config = {} } = options;
  const post = await openPost(t);
  const scratch = dialect && (await createMigrated(dialect));
  const server = await startServer(t, {
    ...(scratch && { dsn: scratch.dsn }),
    config: mergeTrees(mergeTrees(ownPagesConfig, post.config), config),
  });
  if (scratch) t.after(() => scratch.drop());
  const hosts = { [new URL(idOrigin).hostname]: server.publicUrl, [new URL(appOrigin).hostname]: server.publicUrl };
  const shared = await openChromium(t, hosts);
  const context = await shared.browser()!.newContext({ javaScriptEnabled: script, locale: "en-GB" });
  context.setDefaultTimeout(15_000);
  t.after(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (told) => {
    const expected = /status of (400|401|403|404|410|422)/.test(told.text());
    if (["error", "warning"].includes(told.type()) && !expected) complaints.push(told.text());
  });
  page.on("pageerror", (error) => void complaints.push(String(error)));
  return { server, post, context, page, complaints };
}

/** Goes to one of the pages. */
export const goToPage = (page: Page, path: string) => page.goto(`${idOrigin}/${path}`);

/** Waits for a message, by its id. */
export const said = (page: Page, id: number) => page.waitForSelector(`[data-message="${id}"]`);

/** Waits until somebody is welcomed, by the name that they go by. */
export async function welcomed(page: Page, name: string): Promise<void> {
  await page.waitForURL(`${idOrigin}/ui/welcome`);
  assert.ok((await page.textContent("main"))!.includes(name));
}
