import type { JsonObject } from "@bufbuild/protobuf";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { ServedTenant } from "../tenant.ts";
import { clientCertificateOf } from "./client-certificate.ts";
import type { ClientCertificate } from "./client-certificate.ts";
import type { ActiveSpan } from "../tracing/active-span.ts";
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
  readonly address: string;
  readonly peer: string;
  readonly certificate: ClientCertificate | undefined;
  readonly isNavigation: boolean;
  readonly isPrefetch: boolean;
  /** The span that has made it, where it is asked from within this process. */
  readonly parentSpan: ActiveSpan | undefined;
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
  return new Called(req, route, tenant, baseUrl);
}

const noTexts: RestCall["texts"] = [];

class Called implements RestCall {
  readonly protocol = "rest";
  readonly tenant: ServedTenant;
  readonly headers: RequestHeaders;
  readonly method: string;
  readonly isNavigation: boolean;
  readonly isPrefetch: boolean;
  texts = noTexts;
  malformed?: string;
  unnamed?: JsonObject;
  readonly reply: RestCall["reply"];
  private readonly req: HttpRequest;
  private readonly baseUrl: (req: HttpRequest) => string;

  constructor(req: HttpRequest, route: Match["route"], tenant: ServedTenant, baseUrl: (req: HttpRequest) => string) {
    const headers = requestHeaders(req.headers);
    // A body of JSON says what the client is, whatever else it accepts; a GET has none.
    const json = route.body !== "" && headers.get("content-type") === "application/json";
    const purpose = headers.get("sec-purpose") ?? headers.get("purpose");
    this.tenant = tenant;
    this.headers = headers;
    this.method = req.method ?? "GET";
    this.isNavigation = Boolean(route.shape?.navigable) && !json && !wantsJson(headers.get("accept"));
    this.isPrefetch = req.method === "HEAD" || (purpose !== null && /prefetch|preview|prerender/i.test(purpose));
    this.reply = { headers: replyHeaders() };
    this.req = req;
    this.baseUrl = baseUrl;
  }

  get url(): string {
    return new URL(this.req.url ?? "/", this.address).href;
  }

  get address(): string {
    return this.baseUrl(this.req);
  }

  get certificate(): ClientCertificate | undefined {
    return clientCertificateOf(this.req);
  }

  get parentSpan(): ActiveSpan | undefined {
    return (this.req as { readonly parentSpan?: ActiveSpan }).parentSpan;
  }

  get peer(): string {
    return (this.req.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  }
}
