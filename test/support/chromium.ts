import { after, test } from "node:test";
import type { TestContext } from "node:test";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext } from "playwright-core";
import { chromiumPath } from "./chromium-path.ts";
import { openRelay } from "./relay.ts";
import type { Relay } from "./relay.ts";

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
 * server (`http://127.0.0.1:41234`), and knows no other but this machine by its number. Names below `localhost` count as safe without TLS, so that
 * security keys work there.
 */
export async function openChromium(t: TestContext, hosts: Readonly<Record<string, string>>): Promise<BrowserContext> {
  const { context, relays } = await browserFor(Object.keys(hosts));
  for (const [host, address] of Object.entries(hosts)) relays.get(host)!.pointAt(address);
  t.after(async () => {
    await Promise.all(context.pages().map((page) => page.close()));
    await context.clearCookies();
  });
  return context;
}

/** A browser that serves all tests of a process, one after the other: to start it, and to load what it caches, takes longer than most. */
interface Running {
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** What names of hosts lead to: a browser learns them once, when it starts, and each test has servers of its own. */
  readonly relays: ReadonlyMap<string, Relay>;
}

let running: Promise<Running> | undefined;

/** The browser that runs, or another one that knows the hosts besides: files of tests that share a process have hosts of their own. */
async function browserFor(hosts: readonly string[]): Promise<Running> {
  const known = await running;
  if (known && hosts.every((host) => known.relays.has(host))) return known;
  await close(known);
  running = launch([...new Set([...(known?.relays.keys() ?? []), ...hosts])]);
  return running;
}

async function launch(hosts: readonly string[]): Promise<Running> {
  if (!chromiumPath)
    throw new Error("the tests in browsers need a Chromium: install one, or name it in OSTIARY_TEST_CHROMIUM");
  const relays = new Map(await Promise.all(hosts.map(async (host) => [host, await openRelay()] as const)));
  const rules = [...relays].map(([host, { port }]) => `MAP ${host} 127.0.0.1:${port}`);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    // In a container, where tests often run as root, the browser's own walls cannot be put up.
    chromiumSandbox: false,
    args: [...quiet, `--host-resolver-rules=${[...rules, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"].join(",")}`],
  });
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  return { browser, context, relays };
}

async function close(ending: Running | undefined): Promise<void> {
  await ending?.browser.close();
  ending?.relays.forEach((relay) => relay.close());
}

after(async () => close(await running?.catch(() => undefined)));
