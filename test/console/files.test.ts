import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "../support/server.ts";

test("the console is a page of the admin port, with files that browsers may keep, and it is nowhere else", async (t) => {
  const { adminUrl, publicUrl } = await startServer(t);
  const page = await fetch(`${adminUrl}/console`);
  assert.equal(page.status, 200);
  const said = page.headers.get("content-security-policy") ?? "";
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
  ])
    assert.ok(said.split("; ").includes(rule), rule);
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  assert.equal(page.headers.get("referrer-policy"), "no-referrer");
  assert.equal(page.headers.get("cross-origin-opener-policy"), "same-origin");
  const text = await page.text();
  assert.doesNotMatch(text, /<style|<script>|style=|onclick=/);

  const names = [...text.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, name]) => name!);
  assert.equal(names.length, 3);
  for (const name of names) {
    const file = await fetch(adminUrl + name);
    assert.equal(file.status, 200, name);
    assert.match(file.headers.get("cache-control") ?? "", /immutable/);
    assert.match(name, /-[A-Z0-9]{8}\.(js|css|svg)$/);
    assert.match(file.headers.get("content-type") ?? "", /javascript|css|svg/);
    const again = await fetch(adminUrl + name, { headers: { "if-none-match": file.headers.get("etag")! } });
    assert.equal(again.status, 304);
    await file.arrayBuffer();
  }
  assert.equal((await fetch(`${publicUrl}/console`)).status, 404);
});

test("screens have addresses of their own, and what was a file of another version is none", async (t) => {
  const { adminUrl } = await startServer(t);
  const screen = await fetch(`${adminUrl}/console/identities/new`);
  assert.match(await screen.text(), /<div id="console">/);
  assert.equal((await fetch(`${adminUrl}/console/console-GONEGONE.js`)).status, 404);
  assert.equal((await fetch(`${adminUrl}/consoles`)).status, 404);
  const posted = await fetch(`${adminUrl}/console`, { method: "POST" });
  assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
  const head = await fetch(`${adminUrl}/console`, { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
});
