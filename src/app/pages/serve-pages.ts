import { createPages } from "#pages";
import type { Answer, Drawing, Visit } from "#pages";
import type { Config } from "../../config/config.ts";
import { configFor } from "../../config/own-address.ts";
import type { Log } from "../../log.ts";
import { ownFile } from "../../own-file.ts";
import { collect } from "../../rest/body.ts";
import { dropUnread } from "../../server/http.ts";
import type { HttpRequest, HttpResponse } from "../../server/http.ts";
import { ask } from "./ask.ts";
import type { Rest } from "./ask.ts";
import type { Tracer } from "../../tracing/tracer.ts";
import { siteOf } from "./site.ts";
import { tracedPage } from "./trace-page.ts";

/** What the pages need of the port that they are on. */
export interface PagesPort {
  readonly log: Log;
  /** Undefined where nothing is traced. */
  readonly tracer: Tracer | undefined;
  readonly rest: Rest;
  /** The configuration for whoever has sent a request. */
  config(req: HttpRequest): Config;
  /** The URL under which whoever sent a request knows the port. */
  baseUrl(req: HttpRequest): string;
  /** How many bytes a form may have. */
  readonly mostBytes: number;
}

/** Serves the pages that come along, at the paths that `serves` knows. */
export function servePages({ log, tracer, rest, config, baseUrl, mostBytes }: PagesPort) {
  let pages: ReturnType<typeof createPages> | undefined;

  const pagesOnce = () => (pages ??= createPages(ownFile("../web/pages/")));

  async function visitOf(path: string, req: HttpRequest): Promise<Visit> {
    const current = configFor(config(req), { address: baseUrl(req) });
    return {
      method: req.method ?? "GET",
      path: path.replace(/^\/(?:ui\/?)?/, ""),
      ...(!isOfPages(path) && { home: new URL("ui/", current.serve.public.base_url).pathname }),
      query: new URLSearchParams((req.url ?? "").split("?").slice(1).join("?")),
      site: await siteOf(current, log),
      header: (name) => [req.headers[name]].flat().join(", ") || undefined,
      ask: (question) => ask(rest, req, question),
      body: () => collect(req, mostBytes),
    };
  }

  /** Assets are those of the inbox as well. */
  function serves(path: string, req: HttpRequest): boolean {
    const { selfservice, courier } = config(req);
    if (selfservice.pages.enabled) return isOfPages(path);
    return courier.inbox && path.startsWith("/ui/assets/");
  }

  return {
    /** All below `/ui`, and the front door. */
    serves,
    async serve(path: string, req: HttpRequest, res: HttpResponse): Promise<void> {
      await tracedPage(tracer, { path, req, res }, async () =>
        send(await pagesOnce().serve(await visitOf(path, req)), req, res),
      );
    },
    /** Makes a page that another site has the content of. */
    render: async (path: string, req: HttpRequest, drawing: Drawing): Promise<Answer> =>
      pagesOnce().draw(await visitOf(path, req), drawing),
    /** Sends a page that another site has the content of. */
    async draw(path: string, req: HttpRequest, res: HttpResponse, drawing: Drawing): Promise<void> {
      await tracedPage(tracer, { path, req, res }, async () =>
        send(await pagesOnce().draw(await visitOf(path, req), drawing), req, res),
      );
    },
  };
}

const isOfPages = (path: string): boolean => path === "/" || path === "/ui" || path.startsWith("/ui/");

function send({ status, headers, body }: Answer, req: HttpRequest, res: HttpResponse): void {
  if (!req.complete) dropUnread(req, res);
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers))
    if (value.length) res.setHeader(name, typeof value === "string" ? value : [...value]);
  if (body !== undefined) res.setHeader("content-length", Buffer.byteLength(body));
  (res as { end(body?: string | Uint8Array): unknown }).end(req.method === "HEAD" ? undefined : body);
}
