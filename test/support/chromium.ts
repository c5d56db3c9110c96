import { existsSync } from "node:fs";
import { after, test } from "node:test";
import type { TestContext } from "node:test";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openRelay } from "./relay.ts";
import type { Relay } from "./relay.ts";

const places = [
  process.env["OSTIARY_TEST_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Where a Chromium is on this machine: OSTIARY_TEST_CHROMIUM names another. */
export const chromiumPath = places.find((path) => path && existsSync(path));

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A test in a real browser; it is skipped where there is none, but in the gate, which has to bring one. */
export function inChromium(title: string, run: (t: TestContext) => Promise<void>): void {
  const skip = chromiumPath || process.env["CI"] === "true" ? false : "there is no Chromium on this machine";
  test(title, { skip, timeout: 60_000 }, run);
}

/**
 * Opens a profile in which nobody is signed in; its pages end with the test. It finds each of the hosts (`id.example.localhost`) at the address of a
 * server (`http://127.0.0.1:41234`), and knows no other. Names below `localhost` count as safe without TLS, so that
 * security keys work there.
 */
export async function openChromium(t: TestContext, hosts: Readonly<Record<string, string>>): Promise<BrowserContext> {
  running ??= launch(Object.keys(hosts));
  const { context, relays } = await running;
  for (const [host, address] of Object.entries(hosts)) relays.get(host)!.pointAt(address);
  t.after(async () => {
    await Promise.all(context.pages().map((page) => page.close()));
    await context.clearCookies();
  });
  return context;
}

/** A browser that serves all tests of a file, one after the other: to start it, and to load what it caches, takes longer than most. */
interface Running {
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** What names of hosts lead to: a browser learns them once, when it starts, and each test has servers of its own. */
  readonly relays: ReadonlyMap<string, Relay>;
}

let running: Promise<Running> | undefined;

async function launch(hosts: readonly string[]): Promise<Running> {
  if (!chromiumPath) throw new Error("the tests in browsers need a Chromium: install one, or name it in OSTIARY_TEST_CHROMIUM");
  const relays = new Map(await Promise.all(hosts.map(async (host) => [host, await openRelay()] as const)));
  const rules = [...relays].map(([host, { port }]) => `MAP ${host} 127.0.0.1:${port}`);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    // In a container, where tests often run as root, the browser's own walls cannot be put up.
    chromiumSandbox: false,
    args: [...quiet, `--host-resolver-rules=${[...rules, "MAP * ~NOTFOUND"].join(",")}`],
  });
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  return { browser, context, relays };
}

after(async () => {
  const ending = await running?.catch(() => undefined);
  await ending?.browser.close();
  ending?.relays.forEach((relay) => relay.close());
});

/** What a virtual authenticator is like; a platform's with user verification unless said otherwise. */
export interface AuthenticatorOptions {
  readonly protocol?: "ctap2" | "u2f";
  readonly transport?: "usb" | "nfc" | "ble" | "internal";
  readonly hasResidentKey?: boolean;
  readonly hasUserVerification?: boolean;
  /** Whether the person passes when asked for a finger or a PIN. */
  readonly isUserVerified?: boolean;
}

/** A security key of software, plugged into a page. */
export interface Authenticator {
  /** The keys it keeps. */
  credentials(): Promise<readonly { readonly credentialId: string; readonly signCount: number }[]>;
  /** Decides whether the person passes from now on. */
  setUserVerified(isUserVerified: boolean): Promise<void>;
  /** Pulls it out. */
  remove(): Promise<void>;
}

/** Plugs a security key into a page, by the domain WebAuthn of the browser's debugging protocol. */
export async function addAuthenticator(page: Page, options: AuthenticatorOptions = {}): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    },
  });
  return {
    credentials: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    setUserVerified: async (isUserVerified) =>
      void (await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified })),
    remove: async () => void (await session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId })),
  };
}
