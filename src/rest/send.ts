import type { ServerResponse } from "node:http";
import type { HttpRequest, HttpResponse } from "./call.ts";
import type { JsonText } from "./encode.ts";
import { noStore } from "./no-store.ts";
import type { OwnReplyHeaders } from "./reply-headers.ts";

/** A request and its response. */
export interface Exchange {
  readonly req: HttpRequest;
  readonly res: HttpResponse;
  /** What every answer of the port says. */
  readonly said: Readonly<Record<string, string>>;
}

/** Answers with the text of JSON. */
export function sendJson(exchange: Exchange, status: number, headers: OwnReplyHeaders, text: JsonText): void {
  if (!headers.has("content-type")) headers.set("content-type", "application/json; charset=utf-8");
  send(exchange, status, headers, text);
}

/** Answers. No cache keeps what a GET reads, unless the headers say otherwise. */
export function send(
  { req, res, said }: Exchange,
  status: number,
  headers: OwnReplyHeaders,
  body?: string | Buffer,
): void {
  if ((req.method === "GET" || req.method === "HEAD") && !headers.has("cache-control"))
    headers.set("cache-control", noStore);
  // A redirect says in words what its header says, as browsers of old and people with curl expect.
  const location = status >= 300 && status < 400 && req.method === "GET" ? headers.get("location") : null;
  if (location !== null) {
    headers.set("content-type", "text/html; charset=utf-8");
    body = `<a href="${escapeHtml(location)}">Go on</a>\n`;
  }
  if (body) headers.set("content-length", String(Buffer.byteLength(body)));
  const response = res as ServerResponse;
  const all = headers.all();
  for (const name in said) all[name] ??= said[name]!;
  response.writeHead(status, all);
  // Node sends a text together with the headers before it, but bytes apart from them.
  response.end(req.method === "HEAD" ? undefined : body);
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
