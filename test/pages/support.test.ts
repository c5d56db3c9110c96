import assert from "node:assert/strict";
import { test } from "node:test";
import { caller, impersonation, linkFor, why } from "../access/impersonating.ts";
import type { Client } from "../support/client.ts";
import { mergeTrees } from "../support/config.ts";
import { ownPagesConfig } from "../support/own-pages.ts";
import { signedIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import { idOrigin } from "../support/website.ts";

const config = mergeTrees(ownPagesConfig, {
  session: { impersonation },
  selfservice: { deletion: { enabled: true } },
});
const banner =
  /<aside class="support"[^>]*>\s*<p>You are signed in as ada@example\.org for support until [^<]+ UTC\.<\/p>/;
const own = { "sec-fetch-site": "same-origin", origin: idOrigin };

/** What a browser shows that follows wherever it is sent. */
async function shown(browser: Client, path: string): Promise<string> {
  let answer = await browser.get(path);
  for (let hops = 0; answer.location && hops < 5; hops++)
    answer = await browser.get(new URL(answer.location, `${idOrigin}/ui/`).href);
  return String(answer.body);
}

test("every page says that support is signed in, until when, and lets it end", async (t) => {
  const server = await startServer(t, { config });
  const ada = await signedIn(server, "ada@example.org");
  const browser = server.browser();
  const link = await linkFor(server, await caller(server), ada.id);
  await browser.get(link);
  for (const path of ["/ui/welcome", "/ui/sessions", "/ui/delete", "/ui/nowhere", "/self-service/settings/browser"])
    assert.match(await shown(browser, path), banner, path);
  assert.match(await shown(browser, link), banner, "a link that was used tells so, and who is signed in stays");

  assert.match(await shown(browser, "/ui/welcome?lang=de"), /Sie sind bis .* für den Support als ada@example\.org/);
  await browser.get("/ui/welcome?lang=en");

  const refused = await browser.send("POST", "/ui/account", { form: { do: "delete" }, headers: own });
  assert.equal(refused.status, 403);
  assert.match(String(refused.body), /Only the owner of the account can do this/);
  assert.match(await shown(browser, "/self-service/login/browser?refresh=true"), /Only the owner of the account/);

  const devices = await shown(browser, "/ui/sessions");
  assert.match(devices, new RegExp(`<strong>Support</strong>[^§]*This device[^§]*for this reason: ${why}`));
  const end = /<aside class="support"[\s\S]*?href="([^"]+)"/.exec(devices)![1]!.replaceAll("&#38;", "&");
  const ended = await shown(browser, end);
  assert.match(ended, /signed out/i);
  assert.doesNotMatch(ended, /class="support"/);
});

test("people see support among their devices, and send it away; nothing is said of it elsewhere", async (t) => {
  const server = await startServer(t, { config });
  const ada = await signedIn(server, "ada@example.org");
  const support = server.browser();
  await support.get(await linkFor(server, await caller(server), ada.id));
  const browser = server.browser();
  const get = (path: string) => browser.get(path, { headers: ada.headers });
  const page = String((await get("/ui/sessions")).body);
  assert.doesNotMatch(page, /class="support"/);
  const [, id] = new RegExp(`<strong>Support</strong>[^§]*${why}[^§]*name="end" value="([^"]+)"`).exec(page)!;
  const sent = await browser.send("POST", "/ui/sessions", { form: { end: id! }, headers: { ...ada.headers, ...own } });
  assert.equal(sent.status, 303, String(sent.body));
  assert.doesNotMatch(String((await get("/ui/sessions")).body), /<strong>Support/);
  assert.doesNotMatch(await shown(support, "/ui/welcome"), /class="support"/);
});
