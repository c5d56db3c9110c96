import type { JsonObject } from "@bufbuild/protobuf";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { ServedTenant } from "../tenant.ts";
import { wantsJson } from "./negotiate.ts";
import { replyHeaders } from "./reply-headers.ts";
import type { OwnReplyHeaders } from "./reply-headers.ts";
import { requestHeaders } from "./request-headers.ts";
import type { RequestHeaders } from "./request-headers.ts";
import type { Match } from "./route.ts";

/** A request and a response of either HTTP version. */
export type HttpRequest = IncomingMessage | Http2ServerRequest;
/** The response that goes with it. */
export type HttpResponse = ServerResponse | Http2ServerResponse;

/** What the gateway tells the handlers of a request. */
export interface RestCall {
  readonly protocol: "rest";
  readonly tenant: ServedTenant;
  readonly headers: RequestHeaders;
  readonly method: string;
  readonly url: string;
  readonly peer: string;
  readonly isNavigation: boolean;
  readonly isPrefetch: boolean;
  texts: readonly (readonly string[])[];
  malformed?: string;
  unnamed?: JsonObject;
  readonly reply: { readonly headers: OwnReplyHeaders; status?: number; redirect?: string; location?: string };
}

/** The call as handlers see it. What few of them ask for is made when they do. */
export function callOf(
  req: HttpRequest,
  { route }: Match,
  tenant: ServedTenant,
  baseUrl: (req: HttpRequest) => string,
): RestCall {
  const headers = requestHeaders(req.headers);
  // A body of JSON says what the client is, whatever else it accepts; a GET has none.
  const json = route.body !== "" && headers.get("content-type") === "application/json";
  return {
    protocol: "rest",
    tenant,
    headers,
    method: req.method ?? "GET",
    get url() {
      return new URL(req.url ?? "/", baseUrl(req)).href;
    },
    peer: (req.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
    isNavigation: Boolean(route.shape?.navigable) && !json && !wantsJson(headers.get("accept")),
    isPrefetch:
      req.method === "HEAD" ||
      /prefetch|preview|prerender/i.test(headers.get("sec-purpose") ?? headers.get("purpose") ?? ""),
    texts: [],
    reply: { headers: replyHeaders() },
  };
}
