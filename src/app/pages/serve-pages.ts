import { createPages } from "#pages";
import type { Answer } from "#pages";
import type { Config } from "../../config/config.ts";
import { configFor } from "../../config/own-address.ts";
import type { Log } from "../../log.ts";
import { ownFile } from "../../own-file.ts";
import { collect } from "../../rest/body.ts";
import { dropUnread } from "../../server/http.ts";
import type { HttpRequest, HttpResponse } from "../../server/http.ts";
import { ask } from "./ask.ts";
import type { Rest } from "./ask.ts";
import { siteOf } from "./site.ts";

/** What the pages need of the port that they are on. */
export interface PagesPort {
  readonly log: Log;
  readonly rest: Rest;
  /** The configuration for whoever has sent a request. */
  config(req: HttpRequest): Config;
  /** The URL under which whoever sent a request knows the port. */
  baseUrl(req: HttpRequest): string;
  /** How many bytes a form may have. */
  readonly mostBytes: number;
}

/** Serves the pages that come along, at the paths that `serves` knows. */
export function servePages({ log, rest, config, baseUrl, mostBytes }: PagesPort) {
  let pages: ReturnType<typeof createPages> | undefined;

  async function serve(path: string, req: HttpRequest, res: HttpResponse): Promise<void> {
    const current = configFor(config(req), { address: baseUrl(req) });
    const query = new URLSearchParams((req.url ?? "").split("?").slice(1).join("?"));
    pages ??= createPages(ownFile("../web/pages/"));
    const answer = await pages.serve({
      method: req.method ?? "GET",
      path: path.replace(/^\/(?:ui\/?)?/, "").replace(/\/$/, ""),
      query,
      site: await siteOf(current, log),
      header: (name) => [req.headers[name]].flat().join(", ") || undefined,
      ask: (question) => ask(rest, req, question),
      body: () => collect(req, mostBytes),
    });
    send(answer, req, res);
  }

  return {
    serve,
    /** All below `/ui`, and the front door. */
    serves: (path: string, req: HttpRequest): boolean =>
      (path === "/ui" || path.startsWith("/ui/") || path === "/") && config(req).selfservice.pages.enabled,
  };
}

function send({ status, headers, body }: Answer, req: HttpRequest, res: HttpResponse): void {
  if (!req.complete) dropUnread(req, res);
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers))
    if (value.length) res.setHeader(name, typeof value === "string" ? value : [...value]);
  if (body !== undefined) res.setHeader("content-length", Buffer.byteLength(body));
  (res as { end(body?: string | Uint8Array): unknown }).end(req.method === "HEAD" ? undefined : body);
}
