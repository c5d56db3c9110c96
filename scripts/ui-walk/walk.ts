// Walks through a user interface that was made for Ory Kratos, in a real browser, as people do: `npm run walk -- <ui> <checkout>`,
// where <ui> names a file beside this one. Tells each step, and ends with 1 when one fails.
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { chromiumPath } from "../../test/support/chromium-path.ts";
import { run, startBackend, stop, untilReady } from "./backend.ts";
import { steps } from "./story.ts";
import type { Stage } from "./story.ts";
import type { UserInterface } from "./ui.ts";

const [name = "", checkout = ""] = process.argv.slice(2);
const file = resolve(import.meta.dirname, `${name}.ts`);
if (!/^[a-z-]+$/.test(name) || !existsSync(file) || !existsSync(checkout)) {
  console.error("Usage: npm run walk -- node|react|elements|react-native <checkout, built>");
  process.exit(2);
}
const { ui } = (await import(file)) as { ui: UserInterface };
const folder = mkdtempSync(join(tmpdir(), `walk-${name}-`));
const backend = await startBackend(ui, folder);
const pages = run("ui", folder, ui.command, resolve(checkout), ui.environment);
const browser = await chromium.launch({
  executablePath: chromiumPath!,
  chromiumSandbox: false,
  args: ["--disable-gpu"],
});
try {
  await untilReady(ui.origin);
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => message.type() !== "log" && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  // A browser that a program drives picks a passkey as soon as one may be offered.
  await page.addInitScript(() => void (PublicKeyCredential.isConditionalMediationAvailable = async () => false));
  process.exitCode = await walk({ ui, page, backend, visitor: ui.visitor(page, ui) }, said);
} finally {
  await browser.close();
  await Promise.all([stop(pages), backend.stop()]);
}

async function walk(stage: Stage, said: string[]): Promise<number> {
  let failed = 0;
  for (const [at, [title, take]] of steps.entries()) {
    const reason = ui.lacks[title];
    if (reason) {
      console.log(`-  ${at + 1}. ${title}: ${reason}`);
      continue;
    }
    said.length = 0;
    try {
      await take(stage);
      console.log(`ok ${at + 1}. ${title}`);
    } catch (error) {
      failed++;
      const picture = join(folder, `${at + 1}.png`);
      await stage.page.screenshot({ path: picture, fullPage: true }).catch(() => undefined);
      console.log(
        `NO ${at + 1}. ${title}\n     ${String(error).split("\n").slice(0, 8).join("\n     ")}\n     at ${stage.page.url()}, drawn in ${picture}`,
      );
      for (const line of said.slice(-5)) console.log(`     the page said: ${line.slice(0, 300)}`);
    }
  }
  const taken = steps.filter(([title]) => !ui.lacks[title]).length;
  console.log(
    `${taken - failed} of ${taken} steps, ${steps.length - taken} left out; what the server and the pages said is in ${folder}`,
  );
  return failed ? 1 : 0;
}
