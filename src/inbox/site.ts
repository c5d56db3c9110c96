import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { Database } from "../db/connection.ts";
import { isUuid } from "../db/id.ts";
import { ownFile } from "../own-file.ts";
import { noStore } from "../rest/no-store.ts";
import type { HttpRequest, HttpResponse } from "../server/http.ts";
import type { ServedTenant, Tenant } from "../tenant.ts";
import { framedHtml, listPage, messagePage } from "./page.ts";
import { inboxPath } from "./paths.ts";
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
  /** Aborted as soon as the server is about to go. */
  readonly leaving: AbortSignal;
}

interface Page {
  readonly type: string;
  readonly body: string | Buffer;
  readonly policy?: string;
}

const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
// A mail is a stranger's: it runs nothing, sends nothing, and has an origin of its own even where it is opened by itself.
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; form-action 'none'; frame-ancestors 'self'";

const newest = 50;

const html = (body: string, policy = pagePolicy): Page => ({ type: "text/html; charset=utf-8", body, policy });

const fileNamed = (name: string, type: string): Page => ({
  type: `${type}; charset=utf-8`,
  body: readFileSync(ownFile(`inbox/${name}`)),
});

/** Serves the pages of the inbox at `/ui/inbox`; where there is none, it serves no path. */
export function createInboxSite({ db, enabled, tenantOf, hostOf, leaving }: InboxSite) {
  const streams = createStreams(leaving);

  async function pageAt(path: string, tenant: Tenant): Promise<Page | undefined> {
    const reach = { db, tenant };
    if (path === "" || path === "/") return html(listPage(await newestMessages(reach, {}, newest)));
    if (path === "/inbox.js") return fileNamed("inbox.js", "text/javascript");
    if (path === "/inbox.css") return fileNamed("inbox.css", "text/css");
    const [, id, part] = /^\/messages\/([^/]+)(\/html)?$/.exec(path) ?? [];
    const message = id && isUuid(id) ? await messageById(reach, id.toLowerCase()) : undefined;
    if (!message) return undefined;
    if (!part) return html(messagePage(message));
    return message.htmlBody === null ? undefined : html(framedHtml(message.htmlBody), mailPolicy);
  }

  async function serve(path: string, req: HttpRequest, res: HttpResponse): Promise<void> {
    const rest = path.slice(inboxPath.length);
    if (req.method !== "GET" && req.method !== "HEAD") {
      res.setHeader("allow", "GET, HEAD");
      return send(req, res, 405, { type: "text/plain; charset=utf-8", body: "Method Not Allowed\n" });
    }
    // A site whose name leads to this machine (DNS rebinding) is no reason to let its pages read messages.
    if (!isOwnHost(hostOf(req), tenantOf(req)))
      return send(req, res, 421, {
        type: "text/plain; charset=utf-8",
        body: "The inbox is not served by this name.\n",
      });
    if (rest === "/events" && req.method === "GET") return streams.open({ db, tenant: tenantOf(req) }, req, res);
    const page = await pageAt(rest, tenantOf(req));
    if (page) send(req, res, 200, page);
    else send(req, res, 404, { type: "text/plain; charset=utf-8", body: "There is no such message.\n" });
  }

  const serves = (path: string): boolean => enabled() && (path === inboxPath || path.startsWith(`${inboxPath}/`));

  return { serves, serve };
}

const isOwnHost = (name: string, tenant: ServedTenant): boolean =>
  isIP(name.replace(/^\[|\]$/g, "")) > 0 ||
  /^(.+\.)?localhost$/.test(name) ||
  new URL(tenant.config().serve.public.base_url).hostname === name;

function send(req: HttpRequest, res: HttpResponse, status: number, { type, body, policy }: Page): void {
  res.statusCode = status;
  res.setHeader("content-type", type);
  res.setHeader("cache-control", noStore);
  res.setHeader("referrer-policy", "no-referrer");
  res.setHeader("cross-origin-opener-policy", "same-origin");
  if (policy) res.setHeader("content-security-policy", policy);
  (res as { end(body?: string | Buffer): unknown }).end(req.method === "HEAD" ? undefined : body);
}
