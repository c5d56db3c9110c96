import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";

/** A request of either HTTP version. */
export type HttpRequest = IncomingMessage | Http2ServerRequest;
/** The response that goes with it. */
export type HttpResponse = ServerResponse | Http2ServerResponse;

/** The address of the other end, an IP; empty on a unix socket. */
export const peerOf = (req: HttpRequest): string => (req.socket.remoteAddress ?? "").replace(/^::ffff:/, "");

/** A request's path, without the query. A message that is sent in a query is no part of its call's address. */
export const pathOf = ({ url = "/" }: HttpRequest): string => url.split("?", 1)[0]!;

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
  const stream = "stream" in res ? res.stream : undefined;
  // Over HTTP/2 the response itself says so only when its stream is closed, which is what has yet to be done.
  (stream ?? res).once("finish", () => {
    if (req.complete) return;
    const end = setTimeout(() => (stream ? stream.close() : req.destroy()), lingerMs);
    (stream ?? req).once("close", () => clearTimeout(end));
    req.resume();
  });
}
