import type { IncomingMessage, ServerResponse } from "node:http";
import type { KoaContextWithOIDC } from "oidc-provider";
import { drawSignOut } from "#pages";
import type { Answer, Drawing } from "#pages";
import type { Call, Context } from "../../context.ts";
import { storeError } from "../../flow/error-store.ts";
import { waitForRow } from "../../flow/new-rows.ts";
import { issuerOf } from "../../oauth2/embedded/issuer.ts";
import { keeperOf } from "../../oauth2/embedded/keeper.ts";
import type { ProviderFault, ProviderPages } from "../../oauth2/embedded/settings.ts";
import { replyHeaders } from "../../rest/reply-headers.ts";
import { requestHeaders } from "../../rest/request-headers.ts";
import { dropUnread } from "../../server/http.ts";
import type { HttpRequest, HttpResponse } from "../../server/http.ts";
import type { Site } from "../../server/port.ts";
import type { ServedTenant } from "../../tenant.ts";

/** What the provider needs of the port that it is on. */
export interface ProviderPort {
  tenantOf(req: HttpRequest): ServedTenant;
  baseUrl(req: HttpRequest): string;
  createContext(call: Call): Context;
  /** Makes a page in the frame that all pages for people share. */
  render(path: string, req: HttpRequest, drawing: Drawing): Promise<Answer>;
}

const paths: ReadonlySet<string> = new Set([
  "/.well-known/jwks.json",
  "/.well-known/oauth-authorization-server",
  "/.well-known/openid-configuration",
  "/userinfo",
]);

/** Where anybody has rows written, as where they begin flows: requests that wait, errors, clients that register themselves. */
const rowsOf = /^\/oauth2\/(?:auth|par|register|sessions\/logout)(?:\/|$)/;

/** Serves the provider of OAuth 2.0 and OpenID Connect at Hydra's public paths, where the configuration wants it. */
export function providerSite(port: ProviderPort): Site {
  const { tenantOf, createContext, render } = port;

  /** Errors that no client can be told of are told as all others are: by the page of errors. */
  async function showError(koa: KoaContextWithOIDC, ctx: Context, { error, error_description }: ProviderFault) {
    const message = `The sign-in cannot go on: ${error}.`;
    const kept = { code: koa.status, status: error, reason: error_description ?? "", message };
    const { selfservice, serve } = ctx.config;
    const page = new URL(selfservice.flows.error.ui_url, serve.public.base_url);
    page.searchParams.set("id", await storeError(ctx, kept));
    koa.status = 303;
    koa.redirect(page.href);
  }

  async function show(ctx: KoaContextWithOIDC, drawing: Drawing, leadsTo?: string): Promise<void> {
    const { status, headers, body } = await render(ctx.path, ctx.req as HttpRequest, drawing);
    ctx.status = status;
    for (const [name, value] of Object.entries(headers))
      if (name === "set-cookie") ctx.append(name, [...value]);
      else ctx.set(name, String(value));
    if (leadsTo !== undefined)
      ctx.set("content-security-policy", letLeave(String(headers["content-security-policy"]), leadsTo));
    ctx.body = body;
  }

  const pages: ProviderPages = {
    showError,
    askLogout: (ctx) =>
      show(ctx, signOutForm(ctx), ctx.oidc.session!.state!["postLogoutRedirectUri"] as string | undefined),
    async showSignedOut(koa, { config: { selfservice, serve } }) {
      const home = selfservice.flows.logout.after.default_browser_return_url ?? selfservice.default_browser_return_url;
      koa.status = 303;
      koa.redirect(new URL(home, serve.public.base_url).href);
    },
  };

  return {
    serves: (path, req) =>
      (path.startsWith("/oauth2/") || paths.has(path)) && tenantOf(req).config().oauth2_provider.mode === "embedded",
    async serve(path, req, res) {
      // It takes long to load, and who does not use it should not wait for it.
      const { answerOf, noteCall } = await import("../../oauth2/embedded/provider.ts");
      const ctx = createContext(callOf(port, req));
      const waitMs = rowsOf.test(path) ? waitForRow(ctx) : 0;
      if (waitMs > 0) return refuse(req, res, waitMs);
      const answer = await answerOf(ctx);
      addressAs(issuerOf(keeperOf(ctx)), req, path);
      noteCall(req as IncomingMessage, { ctx, pages });
      await answer(req as IncomingMessage, res as ServerResponse);
    },
  };
}

function refuse(req: HttpRequest, res: HttpResponse, waitMs: number): void {
  if (!req.complete) dropUnread(req, res);
  res.statusCode = 429;
  res.setHeader("retry-after", Math.ceil(waitMs / 1000));
  res.setHeader("content-type", "application/json");
  const told = {
    error: "temporarily_unavailable",
    error_description: "too many requests: wait a while, then try again",
  };
  (res as { end(body: string): unknown }).end(JSON.stringify(told));
}

/** Browsers judge where the answer to a form sends them by `form-action`, too. */
function letLeave(policy: string, url: string): string {
  const { protocol, origin } = new URL(url);
  return policy.replace("form-action 'self'", `form-action 'self' ${origin === "null" ? protocol : origin}`);
}

const signOutForm =
  ({ oidc }: KoaContextWithOIDC): Drawing =>
  (view) =>
    drawSignOut(view, { action: oidc.urlFor("end_session_confirm"), xsrf: String(oidc.session!.state!["secret"]) });

/** Lets the provider see the address that the configuration says, whichever way a request has come. */
function addressAs(issuer: string, req: HttpRequest, path: string): void {
  const { protocol, host, pathname } = new URL(issuer);
  req.headers["x-forwarded-proto"] = protocol.slice(0, -1);
  req.headers["x-forwarded-host"] = host;
  // RFC 8414 and OpenID Connect Discovery name the same document.
  if (path === "/.well-known/oauth-authorization-server") req.url = "/.well-known/openid-configuration";
  Object.assign(req, { originalUrl: `${pathname.replace(/\/$/, "")}${req.url}` });
}

/** A request of the provider's as a call. It only looks at a session: nothing of it is extended by that. */
const callOf = ({ tenantOf, baseUrl }: ProviderPort, req: HttpRequest): Call => ({
  protocol: "rest",
  tenant: tenantOf(req),
  headers: requestHeaders(req.headers),
  method: req.method ?? "GET",
  url: new URL(req.url ?? "/", baseUrl(req)).href,
  address: baseUrl(req),
  peer: (req.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
  isNavigation: true,
  isPrefetch: true,
  texts: [],
  reply: { headers: replyHeaders() },
});
