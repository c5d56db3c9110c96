import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { openChromium } from "./chromium.ts";
import type { ConfigTree } from "./config.ts";
import { mergeTrees } from "./config.ts";
import { startServer } from "./server.ts";
import type { TestServer } from "./server.ts";

/** Where tests find the console. */
export const consoleOrigin = "http://admin.example.localhost";
/** Where they find the pages of the public port. */
export const peopleOrigin = "http://id.example.localhost";

/** The console in a browser, and the server that it administers. */
export interface ConsoleVisit {
  readonly server: TestServer;
  readonly page: Page;
  /** What went wrong in the page: scripts that failed, and what its policy has refused. */
  readonly troubles: string[];
  /** Goes to a screen, and waits until it shows what it has asked for. */
  open(path: string): Promise<void>;
  /** Goes on to a screen, as a link does. */
  move(path: string): Promise<void>;
}

const config = {
  serve: { public: { base_url: peopleOrigin }, admin: { base_url: consoleOrigin } },
  selfservice: { flows: { recovery: { enabled: true } }, methods: { code: { enabled: true } } },
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
};

/** Starts a server and opens its console. */
export async function visitConsole(t: TestContext, changes: ConfigTree = {}, dsn = "memory"): Promise<ConsoleVisit> {
  const server = await startServer(t, { dsn, config: mergeTrees(config, changes) });
  const context = await openChromium(t, {
    [new URL(consoleOrigin).host]: server.adminUrl,
    [new URL(peopleOrigin).host]: server.publicUrl,
  });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) troubles.push(message.text());
  });
  return {
    server,
    page,
    troubles,
    async open(path) {
      await page.goto(`${consoleOrigin}/console${path}`);
      await settled(page);
    },
    async move(path) {
      await page.evaluate((to) => {
        document.querySelector("main")!.setAttribute("data-left", "");
        history.pushState(null, "", to);
        dispatchEvent(new PopStateEvent("popstate"));
      }, `/console${path}`);
      await page.waitForSelector("main:not([data-left]) h1");
      await settled(page);
    },
  };
}

/** Waits until nothing is on its way. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector("main h1");
  await page.waitForFunction(() => !document.querySelector(".loading, [aria-busy=true]"));
}
