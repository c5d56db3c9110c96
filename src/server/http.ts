import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { constants } from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { countRefused } from "./count-refused.ts";

/** A request of either HTTP version. */
export type HttpRequest = IncomingMessage | Http2ServerRequest;
/** The response that goes with it. */
export type HttpResponse = ServerResponse | Http2ServerResponse;

/** What a request says before its body, whatever has read it. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: string[];
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** The address of the other end, an IP; empty on a unix socket. */
export function peerOf({ socket }: Pick<RequestHead, "socket">): string {
  const { remoteAddress = "" } = socket;
  return remoteAddress.startsWith("::ffff:") ? remoteAddress.slice("::ffff:".length) : remoteAddress;
}

/** A request's path, without the query. A message that is sent in a query is no part of its call's address. */
export function pathOf({ url = "/" }: Pick<RequestHead, "url">): string {
  const mark = url.indexOf("?");
  return mark < 0 ? url : url.slice(0, mark);
}

/** Whether nobody waits for an answer any more. */
export function isGone(req: HttpRequest): boolean {
  // When a stream is reset, its request loses it at once, and a connection when its body ends early.
  if (!("stream" in req)) return (req as { readonly socket: Socket | null }).socket?.destroyed ?? true;
  const { stream } = req as { readonly stream?: Http2ServerRequest["stream"] };
  return !stream || stream.closed || stream.destroyed;
}

/** What browsers heed by whatever protocol they call. Other headers of an answer are REST's: pages, caches, what was asked for. */
export const heededByBrowsers: ReadonlySet<string> = new Set(["set-cookie", "clear-site-data"]);

/** Headers as Node writes them: each cookie stays a header of its own. */
export function addHeaders(target: Record<string, string | string[]>, headers: Headers): void {
  for (const [name, value] of headers) if (name !== "set-cookie") target[name] = value;
  const cookies = headers.getSetCookie();
  if (cookies.length) target["set-cookie"] = cookies;
}

const lingerMs = 1000;

/**
 * Ends a request whose body nobody reads any further, once its answer is on its way. A client that still writes would
 * lose the answer, or its trailers, with the connection: for a moment, what it writes is thrown away.
 */
export function dropUnread(req: HttpRequest, res: HttpResponse): void {
  // Over HTTP/2 the response itself says so only when its stream is closed, which is what has yet to be done.
  if ("stream" in res) return dropUnreadOf(res.stream, req as Http2ServerRequest);
  res.once("finish", () => {
    if (req.complete) return;
    const end = setTimeout(() => req.destroy(), lingerMs);
    req.once("close", () => clearTimeout(end));
    req.resume();
  });
}

/** The same of a stream of HTTP/2, and of the request that was made of it, if any. */
export function dropUnreadOf(stream: ServerHttp2Stream, req?: Http2ServerRequest): void {
  stream.once("finish", () => {
    if (req ? req.complete : stream.readableEnded) return;
    const end = setTimeout(() => stream.close(), lingerMs);
    stream.once("close", () => clearTimeout(end));
    (req ?? stream).resume();
  });
}

/** Answers that a request of HTTP/2 took too long to come. */
export function refuseLate(req: Http2ServerRequest, res: Http2ServerResponse): void {
  countRefused("late");
  if (res.headersSent) return void res.stream.close(constants.NGHTTP2_CANCEL);
  dropUnread(req, res);
  res.writeHead(408).end();
}
