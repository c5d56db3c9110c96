import { isIP } from "node:net";
import { drawInbox, drawMessage, html } from "#pages";
import type { Drawing, PageContent, View } from "#pages";
import type { Database } from "../db/connection.ts";
import { isUuid } from "../db/id.ts";
import { noStore } from "../rest/no-store.ts";
import type { HttpRequest, HttpResponse } from "../server/http.ts";
import type { ServedTenant } from "../tenant.ts";
import { framedHtml, presentMessage } from "./present.ts";
import { messageById, newestMessages } from "./read.ts";
import { createStreams } from "./streams.ts";

/** What the pages of the inbox are served with. */
export interface InboxSite {
  readonly db: Database;
  /** Whether there is an inbox, by the configuration of the moment. */
  enabled(): boolean;
  /** Whose messages a request is about. */
  tenantOf(req: HttpRequest): ServedTenant;
  /** The name of the host that a request has called. */
  hostOf(req: HttpRequest): string;
  /** Sends a page in the frame that all pages for people share. */
  draw(path: string, req: HttpRequest, res: HttpResponse, drawing: Drawing): Promise<void>;
  /** Aborted as soon as the server is about to go. */
  readonly leaving: AbortSignal;
}

/** Where the inbox is on the public port. */
const inboxPath = "/ui/inbox";

// A mail is a stranger's: it runs nothing, sends nothing, and has an origin of its own even where it is opened by itself.
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; form-action 'none'; frame-ancestors 'self'";

const newest = 50;

const plain = "text/plain; charset=utf-8";

/** Serves the pages of the inbox at `/ui/inbox`; where there is none, it serves no path. */
export function createInboxSite({ db, enabled, tenantOf, hostOf, draw, leaving }: InboxSite) {
  const streams = createStreams(leaving);

  /** Answers with what is below the inbox's own address: nothing, or a message, or the HTML of one. */
  async function answer(path: string, req: HttpRequest, res: HttpResponse): Promise<void> {
    const reach = { db, tenant: tenantOf(req) };
    const rest = path.slice(inboxPath.length).replace(/\/$/, "");
    if (rest === "") {
      const messages = (await newestMessages(reach, {}, newest)).map(presentMessage);
      return draw(path, req, res, (view) => drawInbox(view, messages));
    }
    const [, id, part] = /^\/messages\/([^/]+)(\/html)?$/.exec(rest) ?? [];
    const message = id && isUuid(id) ? await messageById(reach, id.toLowerCase()) : undefined;
    if (!message) return draw(path, req, res, notFound);
    if (!part) return draw(path, req, res, (view) => drawMessage(view, presentMessage(message)));
    if (message.htmlBody === null) return draw(path, req, res, notFound);
    res.setHeader("content-security-policy", mailPolicy);
    send(req, res, 200, { type: "text/html; charset=utf-8", body: framedHtml(message.htmlBody) });
  }

  async function serve(path: string, req: HttpRequest, res: HttpResponse): Promise<void> {
    if (req.method !== "GET" && req.method !== "HEAD") {
      res.setHeader("allow", "GET, HEAD");
      return send(req, res, 405, { type: plain, body: "Method Not Allowed\n" });
    }
    // A site whose name leads to this machine (DNS rebinding) is no reason to let its pages read messages.
    if (!isOwnHost(hostOf(req), tenantOf(req)))
      return send(req, res, 421, { type: plain, body: "The inbox is not served by this name.\n" });
    if (path === `${inboxPath}/events` && req.method === "GET")
      return streams.open({ db, tenant: tenantOf(req) }, req, res);
    return answer(path, req, res);
  }

  const serves = (path: string): boolean => enabled() && (path === inboxPath || path.startsWith(`${inboxPath}/`));

  return { serves, serve };
}

const isOwnHost = (name: string, tenant: ServedTenant): boolean =>
  isIP(name.replace(/^\[|\]$/g, "")) > 0 ||
  /^(.+\.)?localhost$/.test(name) ||
  new URL(tenant.config().serve.public.base_url).hostname === name;

const notFound = ({ words }: View): PageContent => ({
  title: words.text("error.title"),
  body: html`<p class="lead">${words.text("error.404")}</p>`,
  status: 404,
});

interface Content {
  readonly type: string;
  readonly body: string;
}

function send(req: HttpRequest, res: HttpResponse, status: number, { type, body }: Content): void {
  res.statusCode = status;
  res.setHeader("content-type", type);
  res.setHeader("cache-control", noStore);
  res.setHeader("referrer-policy", "no-referrer");
  res.setHeader("cross-origin-opener-policy", "same-origin");
  (res as { end(body?: string): unknown }).end(req.method === "HEAD" ? undefined : body);
}
