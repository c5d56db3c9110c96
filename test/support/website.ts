import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { openChromium } from "./chromium.ts";
import type { Json } from "./client.ts";
import { mergeTrees } from "./config.ts";
import type { ConfigTree } from "./config.ts";
import { formPage, html } from "./form-page.ts";
import { importMap, readModule } from "./modules.ts";
import { startServer } from "./server.ts";
import type { TestServer } from "./server.ts";

const flows = ["login", "registration", "settings", "recovery", "verification"];

/** The addresses that browsers know the server and the site by: two hosts of one site. */
export const idOrigin = "http://id.example.localhost";
export const appOrigin = "http://app.example.localhost";

/** What a server has to be told for its users to come from the site. */
export const websiteConfig: ConfigTree = {
  serve: { public: { base_url: `${idOrigin}/` } },
  cookies: { domain: "example.localhost" },
  selfservice: {
    default_browser_return_url: `${appOrigin}/`,
    allowed_return_urls: [appOrigin],
    flows: {
      error: { ui_url: `${appOrigin}/error` },
      logout: { after: { default_browser_return_url: `${appOrigin}/` } },
      ...Object.fromEntries(flows.map((kind) => [kind, { ui_url: `${appOrigin}/${kind}` }])),
    },
  },
};

/** How the site draws its pages: as plain HTML forms, or by a script of its own that uses the SDK over Connect. */
export type Pages = "forms" | "sdk";

/** A browser, on an empty page, before a server and a site of its users. */
export interface Visit {
  readonly server: TestServer;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly pages: Pages;
}

/** Opens a browser that knows the site and its server, which are told what differs from their usual configuration. */
export async function visit(t: TestContext, changes: ConfigTree = {}, pages: Pages = "forms"): Promise<Visit> {
  const server = await startServer(t, { config: mergeTrees(websiteConfig, changes) });
  const site = await startWebsite(t, server.publicUrl, pages);
  const context = await openChromium(t, {
    [new URL(idOrigin).hostname]: server.publicUrl,
    [new URL(appOrigin).hostname]: site,
  });
  return { server, context, page: await context.newPage(), pages };
}

/**
 * A small site of users: `/` says who they are, `/login` and its like draw flows, `/script` is an empty page where
 * the SDK can be imported. Returns the address it listens on.
 */
export async function startWebsite(t: TestContext, publicUrl: string, pages: Pages = "forms"): Promise<string> {
  const answer = pages === "forms" ? answerWithForms : answerWithScript;
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? "/", appOrigin);
    const answering = pathname.startsWith("/modules/") ? sendModule(res, pathname) : answer(req, res, publicUrl);
    answering.catch((error: unknown) => {
      res.statusCode = 500;
      res.end(String(error));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The same page at every path: its script does the rest. */
async function answerWithScript(_: IncomingMessage, res: ServerResponse): Promise<void> {
  sendPage(res, '<main></main><script type="module">import "sdk-page"</script>');
}

async function answerWithForms(req: IncomingMessage, res: ServerResponse, publicUrl: string): Promise<void> {
  const { pathname, searchParams } = new URL(req.url ?? "/", appOrigin);
  // The site asks on behalf of its visitor, whose cookies it has because both hosts share them.
  const ask = async (path: string) => {
    const headers = { accept: "application/json", cookie: req.headers.cookie ?? "" };
    const response = await fetch(new URL(path, publicUrl), { headers });
    return { ok: response.ok, body: await response.json() };
  };
  const kind = pathname.slice(1);
  if (flows.includes(kind)) {
    const { ok, body } = await ask(`/self-service/${kind}/flows?id=${searchParams.get("flow")}`);
    return sendPage(res, ok ? formPage(body) : JSON.stringify(body));
  }
  if (kind === "script") return sendPage(res, "");
  if (kind !== "") return sendPage(res, html`<p>${pathname}</p>`);
  const { ok, body } = await ask("/sessions/whoami");
  if (!ok) return sendPage(res, html`<p id="who">nobody</p>`);
  const { body: logout } = await ask("/self-service/logout/browser");
  const methods = body.authentication_methods.map(({ method }: Json) => method).join(" ");
  sendPage(
    res,
    html`<p id="who">${body.identity.traits.email}</p><p id="level">${body.authenticator_assurance_level}</p>
      <p id="methods">${methods}</p><a id="logout" href="${logout.logout_url}">Sign out</a>`,
  );
}

function sendPage(res: ServerResponse, body: string): void {
  res.setHeader("content-type", "text/html; charset=utf-8");
  res.end(`<!doctype html><title>Site</title><script type="importmap">${JSON.stringify(importMap)}</script>${body}`);
}

async function sendModule(res: ServerResponse, pathname: string): Promise<void> {
  const text = await readModule(pathname);
  res.setHeader("content-type", "text/javascript; charset=utf-8");
  res.setHeader("cache-control", "max-age=3600");
  res.end(text);
}
