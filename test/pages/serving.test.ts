import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../support/client.ts";
import { mergeTrees } from "../support/config.ts";
import { ownPagesConfig } from "../support/own-pages.ts";
import { startServer } from "../support/server.ts";

const base64 = (value: unknown) =>
  `base64://${Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64")}`;
const own = "http://id.example.localhost";
const pagesWith = (pages: object) => ({ config: mergeTrees(ownPagesConfig, { selfservice: { pages } }) });

/** The path of an address of the server's own. */
const pathOf = (location: string | null) => {
  const { pathname, search } = new URL(location!, own);
  return pathname + search;
};

/** Begins a flow as a browser does that navigates; returns its page. */
async function openPage(client: Client, kind: string, headers: Record<string, string> = {}) {
  const first = await client.get(`/ui/${kind}`, { headers });
  const begun = await client.get(pathOf(first.location), { headers });
  const path = pathOf(begun.location);
  return { path, page: await client.get(path, { headers }) };
}

test("the front door leads to the pages, where nothing runs or is kept that is not the server's own", async (t) => {
  const server = await startServer(t, { config: ownPagesConfig });
  const client = server.browser();
  for (const path of ["/", "/ui", "/ui/"]) {
    const answer = await client.get(path);
    assert.equal(answer.status, 303);
    assert.equal(answer.location, `${own}/ui/welcome`);
  }
  const { page, path } = await openPage(client, "login");
  assert.equal(page.status, 200);
  assert.match(path, /^\/ui\/login\?flow=/);
  const { headers } = page;
  assert.equal(headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("referrer-policy"), "no-referrer");
  assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(
    headers.get("content-security-policy"),
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  );
  const text = String(page.body);
  assert.doesNotMatch(text, /\son\w+=|<style|style=|<script(?![^>]*\ssrc=)|(?:src|href|action)="(?:https?:)?\/\//);
  for (const [, name] of text.matchAll(/(?:href|src)="(assets\/[^"]+)"/g)) {
    const asset = await client.get(`/ui/${name}`);
    assert.equal(asset.status, 200, name);
    assert.equal(asset.headers.get("cache-control"), "public, max-age=31536000, immutable");
  }
  assert.equal((await client.get("/ui/assets/../../package.json")).status, 404);
  assert.equal((await client.get("/ui/nowhere")).status, 404);
  assert.equal((await client.post("/ui/welcome", {})).status, 405);
});

test("pages that are switched off are not there", async (t) => {
  const { native } = await startServer(t, pagesWith({ enabled: false }));
  for (const path of ["/", "/ui/welcome"]) assert.equal((await native.get(path)).status, 404);
});

test("a page speaks the language that is asked for, and goes on in it", async (t) => {
  const server = await startServer(t, { config: ownPagesConfig });
  const german = await openPage(server.browser(), "login", { "accept-language": "de-AT,de;q=0.9,en;q=0.5" });
  assert.match(
    String(german.page.body),
    /<html lang="de" dir="ltr">[\s\S]*<h1>Anmelden<\/h1>[\s\S]*Mit Passwort anmelden/,
  );
  const client = server.browser();
  await client.get("/ui/login?lang=ar");
  assert.match(String((await openPage(client, "login")).page.body), /<html lang="ar" dir="rtl">/);
});

test("a site has its own name, colours, rules and words", async (t) => {
  const logo = "data:image/svg+xml;base64,PHN2Zy8+";
  const pages = {
    name: "Acme <&>",
    logo_url: logo,
    colors: { light: { accent: "#008040" } },
    css_url: base64(".card { border-width: 3px }"),
    translations_url: base64({
      en: { "login.title": "Come in", "label.traits.email": "Your address" },
      eo: { "login.title": "Ensalutu" },
    }),
  };
  const server = await startServer(t, pagesWith(pages));
  const text = String((await openPage(server.browser(), "login")).page.body);
  assert.match(text, /<h1>Come in<\/h1>/);
  assert.ok(text.includes("<title>Come in · Acme &#60;&#38;&#62;</title>"));
  assert.ok(text.includes(`<img src="${logo}" alt="Acme &#60;&#38;&#62;">`));
  const theme = /href="([^"]*theme-[^"]+\.css)"/.exec(text)![1]!;
  const css = String((await server.native.get(`/ui/${theme}`)).body);
  assert.match(css, /--accent:#008040/);
  assert.ok(css.endsWith(".card { border-width: 3px }"));
  const esperanto = String((await openPage(server.browser(), "login", { "accept-language": "eo" })).page.body);
  assert.match(esperanto, /<html lang="eo"[\s\S]*<h1>Ensalutu<\/h1>[\s\S]*Sign in with password/);
  const signUp = String((await openPage(server.browser(), "registration")).page.body);
  assert.match(signUp, />Your address</);
});

test("a picture that the server reads is shown; in the place of one that is none stands the name", async (t) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"/>`;
  const good = await startServer(t, pagesWith({ logo_url: base64(svg) }));
  const shown = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  assert.ok(String((await good.native.get("/ui/welcome")).body).includes(`<img src="${shown}" alt="Ostiary">`));
  const bad = await startServer(
    t,
    pagesWith({ logo_url: base64("no picture"), icon_url: "file:///nowhere/at/all.png" }),
  );
  assert.match(String((await bad.native.get("/ui/welcome")).body), /class="name" href="welcome">Ostiary</);
});

test("colours that are none, and pictures of a foreign scheme, are refused with the configuration", async (t) => {
  for (const pages of [
    { colors: { light: { accent: "red;}body{display:none" } } },
    { colors: { dark: { text: "#12345" } } },
    { logo_url: "javascript:alert(1)" },
    { css_url: "ftp://example.org/a.css" },
  ])
    await assert.rejects(startServer(t, pagesWith(pages)), /selfservice\.pages\./);
});

test("each tenant has pages of its own", async (t) => {
  const server = await startServer(t, { config: ownPagesConfig });
  const made = await server.admin("POST", "/admin/tenants", {
    json: {
      slug: "acme",
      hosts: ["acme.example.localhost"],
      config: { selfservice: { pages: { name: "Acme", colors: { light: { accent: "#7a0026" } } } } },
    },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const themeAt = async (host: string) => {
    const { body } = await server.public("GET", "/ui/welcome", { headers: { host } });
    const theme = /href="([^"]*theme-[^"]+\.css)"/.exec(String(body))![1]!;
    return {
      body: String(body),
      css: String((await server.public("GET", `/ui/${theme}`, { headers: { host } })).body),
    };
  };
  const [acme, other] = [await themeAt("acme.example.localhost"), await themeAt("id.example.localhost")];
  assert.match(acme.body, /<title>Welcome · Acme<\/title>/);
  assert.match(acme.css, /--accent:#7a0026/);
  assert.match(other.body, /<title>Welcome · Ostiary<\/title>/);
  assert.doesNotMatch(other.css, /--accent/);
});

test("where a form leads to another site, a page goes there, so that no form has to", async (t) => {
  const away = {
    selfservice: {
      default_browser_return_url: "http://app.example.org/",
      flows: { login: { style: "identifier_first" } },
    },
  };
  const server = await startServer(t, { config: mergeTrees(ownPagesConfig, away) });
  await server.createPerson({ email: "ada@example.org", password: "correct-horse-battery-9" });
  const client = server.browser();
  const submit = async (path: string, text: string, more: Record<string, string>) => {
    const csrf_token = /name="csrf_token" value="([^"]+)"/.exec(text)![1]!;
    const form = { csrf_token, identifier: "ada@example.org", ...more };
    return client.send("POST", path.replace("/ui/", "/ui/self-service/"), { form });
  };
  const { path, page } = await openPage(client, "login");
  const named = await submit(path, String(page.body), { method: "identifier_first" });
  assert.equal(pathOf(named.location), path, "the name comes first");
  const asked = String((await client.get(path)).body);
  assert.match(asked, /name="password"/);
  const answer = await submit(path, asked, { method: "password", password: "correct-horse-battery-9" });
  assert.equal(answer.status, 200);
  assert.ok(String(answer.body).includes('<meta http-equiv="refresh" content="0;url=http://app.example.org/">'));
  assert.equal((await client.get("/sessions/whoami", { accept: "application/json" })).status, 200);
});

test("a form of another site ends nobody's session", async (t) => {
  const server = await startServer(t, { config: ownPagesConfig });
  const client = server.browser();
  const form = { end: "others" };
  const origins: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site", origin: own },
    { origin: "https://evil.example" },
    { origin: "null" },
    {},
  ];
  for (const from of origins)
    assert.equal((await client.send("POST", "/ui/sessions", { form, headers: from })).status, 403);
  const refused = await client.send("POST", "/ui/sessions", { form, headers: { origin: own } });
  assert.equal(refused.status, 401, "and by one of the pages nobody who is not signed in");
});

test("what a form is refused for is a page, and a flow of another browser is explained", async (t) => {
  const server = await startServer(t, { config: ownPagesConfig });
  const { path } = await openPage(server.browser(), "login");
  const stranger = await server.browser().get(path);
  assert.equal(stranger.status, 403);
  assert.match(String(stranger.body), /Cookies have to be allowed here/);
  const submitted = await server.browser().send("POST", path.replace("/ui/", "/ui/self-service/"), {
    form: { method: "password", identifier: "a", password: "b" },
  });
  assert.equal(submitted.status, 303);
  const told = await server.browser().get(pathOf(submitted.location));
  assert.match(String(told.body), /<h1>That did not work<\/h1>/);
});
