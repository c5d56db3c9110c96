import { create } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { DescMessage, DescMethodUnary, DescService, JsonObject, Message, MessageInitShape } from "@bufbuild/protobuf";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { HttpBody } from "#gen/google/api/httpbody_pb.js";
import { BodyError } from "./body-error.ts";
import { collect, parseBody } from "./body.ts";
import { DecodeError, decodeField } from "./decode.ts";
import { encoderOf } from "./encode.ts";
import { Problem } from "../errors.ts";
import type { ServedTenant } from "../tenant.ts";
import { problemToRest } from "./error.ts";
import { wantsJson } from "./negotiate.ts";
import { noStore } from "./no-store.ts";
import { replyHeaders } from "./reply-headers.ts";
import type { OwnReplyHeaders } from "./reply-headers.ts";
import { requestHeaders } from "./request-headers.ts";
import type { RequestHeaders } from "./request-headers.ts";
import { createRouter } from "./route.ts";
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

/** What a gateway serves, and by what. */
export interface GatewayOptions {
  readonly services: readonly DescService[];
  dispatch(method: DescMethodUnary, request: Message, call: RestCall): Promise<MessageInitShape<DescMessage>>;
  /** The URL under which whoever sent a request knows this port. */
  baseUrl(req: HttpRequest): string;
  /** Whose accounts a request is about, or why it is not looked at. */
  tenantOf(req: HttpRequest): ServedTenant | Problem;
  /** What every path may begin with, and need not. */
  readonly prefix?: string;
  /** How many bytes a call's body may have. */
  maxBodyBytes(method: DescMethodUnary): number;
  /** Deals with what nobody reads of a request, once it is answered. */
  dropUnread(req: HttpRequest, res: HttpResponse): void;
  /** Whether nobody waits for an answer any more. */
  isGone(req: HttpRequest): boolean;
  /** The error for a body or a parameter that does not fit the contract. */
  badRequest(reason: string, kind: BodyError["kind"], strict: boolean): Problem;
  /** The error that clients are told; of what nobody expected the log is told alone. */
  known(method: DescMethodUnary, error: unknown): Problem;
  /** The error for an unsafe request to a path that takes none; without it they are answered as any other. */
  refuseUnknown?(path: string): Problem | undefined;
}

const longText = 64 * 1024;
const unsafe = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Serves the calls that carry a google.api.http annotation as REST. Knows nothing of what they are about. */
export function createRestGateway(options: GatewayOptions) {
  const router = createRouter(options.services);

  return async function serve(req: HttpRequest, res: HttpResponse): Promise<void> {
    const target = req.url ?? "/";
    const mark = target.indexOf("?");
    const path = withPrefix(mark < 0 ? target : target.slice(0, mark), options.prefix);
    const verb = req.method === "HEAD" ? "GET" : (req.method ?? "GET");
    const match = router.match(verb, path);
    if (!match) return answerUnknown(req, res, path);
    const tenant = options.tenantOf(req);
    if (tenant instanceof Problem) return refuse(req, res, tenant);
    const call = callOf(req, match, tenant, options.baseUrl);
    try {
      const request = create(match.route.method.input);
      readParameters(request, mark < 0 ? undefined : new URLSearchParams(target.slice(mark + 1)), match);
      await readBody(request, req, match, call);
      if (options.isGone(req)) return;
      respond(res, req, match, call, await options.dispatch(match.route.method, request, call));
    } catch (error) {
      // Of a body that breaks off, nobody is left to be told.
      if ((req.destroyed && !req.complete) || (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") return void res.destroy();
      if (error instanceof BodyError && error.kind === "too-large") options.dropUnread(req, res);
      respondError(res, req, call, toKnown(error, match));
    }
  };

  async function readBody(request: Message, req: HttpRequest, { route }: Match, call: RestCall): Promise<void> {
    const { form = false, strict = false } = route.shape ?? {};
    if (!route.body) {
      if (form) call.malformed = "A form is submitted by POST.";
      return;
    }
    try {
      const bytes = await collect(req, options.maxBodyBytes(route.method));
      const type = form || showsBrowser(call.headers) ? (call.headers.get("content-type") ?? "") : "application/json";
      const parsed = parseBody(bytes, type, { forms: form });
      const unnamed = (members: JsonObject) => void (call.unnamed = members);
      decodeField(request, route.bodyField!, parsed.json, { strict, text: parsed.form, loose: form, unnamed });
      call.texts = parsed.texts;
    } catch (error) {
      const told = error instanceof BodyError || error instanceof DecodeError;
      if (!told || !form || (error instanceof BodyError && error.kind === "too-large")) throw error;
      call.malformed = error.message;
    }
  }

  function toKnown(error: unknown, { route }: Match): Problem {
    const strict = route.shape?.strict ?? false;
    if (error instanceof BodyError) return options.badRequest(error.message, error.kind, strict);
    if (error instanceof DecodeError) return options.badRequest(error.message, "malformed", (strict || route.body === "") && !error.unlisted);
    return options.known(route.method, error);
  }

  function respond(res: HttpResponse, req: HttpRequest, { route }: Match, call: RestCall, answer: MessageInitShape<DescMessage>): void {
    if (call.isNavigation && call.reply.redirect !== undefined) {
      call.reply.headers.set("location", call.reply.redirect);
      return send(res, req, 303, call.reply.headers);
    }
    if (call.reply.location !== undefined) call.reply.headers.set("location", call.reply.location);
    const status = call.reply.status ?? (route.shape?.status || 200);
    if (status === 304) return send(res, req, status, call.reply.headers);
    if (route.responseField?.message?.typeName === "google.api.HttpBody") {
      const { contentType, data } = (answer as Record<string, unknown>)[route.responseField.localName] as HttpBody;
      call.reply.headers.set("content-type", contentType);
      return send(res, req, status, call.reply.headers, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    }
    if (status === 204 || status === 303) return send(res, req, status, call.reply.headers);
    const body = encoderOf(route.method.output)(answer) as JsonObject;
    sendJson(res, req, status, call.reply.headers, route.responseBody ? (body[route.responseBody] ?? null) : body);
  }

  function respondError(res: HttpResponse, req: HttpRequest, call: RestCall, error: Problem): void {
    const { headers } = call.reply;
    const { location, locationStatus = 303, retryAfter } = error.told;
    if (call.isNavigation && location !== undefined) {
      headers.set("location", location);
      return send(res, req, locationStatus, headers);
    }
    if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter));
    const { status, id, body } = problemToRest(error, call.headers.get("x-request-id") ?? undefined);
    if (id !== undefined) {
      headers.set("ory-error-id", id);
      headers.set("content-type", "application/json");
    }
    sendJson(res, req, call.reply.status ?? status, headers, body);
  }

  function refuse(req: HttpRequest, res: HttpResponse, refusal: Problem): void {
    options.dropUnread(req, res);
    const reply = replyHeaders();
    const { status, id, body } = problemToRest(refusal);
    reply.set("ory-error-id", id ?? "");
    reply.set("content-type", "application/json");
    sendJson(res, req, status, reply, body);
  }

  function answerUnknown(req: HttpRequest, res: HttpResponse, path: string): void {
    const reply = replyHeaders();
    const verbs = router.verbs(path);
    const unfit = unsafe.has(req.method ?? "") && !verbs.some((verb) => unsafe.has(verb));
    const refusal = unfit ? options.refuseUnknown?.(path) : undefined;
    if (refusal) return refuse(req, res, refusal);
    reply.set("content-type", "text/plain; charset=utf-8");
    if (!verbs.length) return send(res, req, 404, reply, "404 page not found\n");
    if (verbs.includes("GET")) verbs.push("HEAD");
    reply.set("allow", [...new Set(verbs)].sort().join(", "));
    send(res, req, 405, reply, "Method Not Allowed\n");
  }

  function sendJson(res: HttpResponse, req: HttpRequest, status: number, headers: OwnReplyHeaders, body: unknown): void {
    if (!headers.has("content-type")) headers.set("content-type", "application/json; charset=utf-8");
    send(res, req, status, headers, JSON.stringify(body));
  }

  function send(res: HttpResponse, req: HttpRequest, status: number, headers: OwnReplyHeaders, body?: string | Buffer): void {
    if ((req.method === "GET" || req.method === "HEAD") && !headers.has("cache-control")) headers.set("cache-control", noStore);
    // A redirect says in words what its header says, as browsers of old and people with curl expect.
    const location = status >= 300 && status < 400 && req.method === "GET" ? headers.get("location") : null;
    if (location !== null) {
      headers.set("content-type", "text/html; charset=utf-8");
      body = `<a href="${escapeHtml(location)}">Go on</a>\n`;
    }
    if (body) headers.set("content-length", String(Buffer.byteLength(body)));
    const response = res as ServerResponse;
    response.writeHead(status, headers.all());
    // Node sends a text together with the headers before it, but bytes apart from them; of a long one it would hold its copy beside it.
    response.end(req.method === "HEAD" ? undefined : typeof body === "string" && body.length > longText ? Buffer.from(body) : body);
  }
}

/** The call as handlers see it. What few of them ask for is made when they do. */
function callOf(req: HttpRequest, { route }: Match, tenant: ServedTenant, baseUrl: (req: HttpRequest) => string): RestCall {
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
    isPrefetch: req.method === "HEAD" || /prefetch|preview|prerender/i.test(headers.get("sec-purpose") ?? headers.get("purpose") ?? ""),
    texts: [],
    reply: { headers: replyHeaders() },
  };
}

/** Path and query into the fields of their names. The query knows only text, and names lists by repeating. */
function readParameters(request: Message, query: URLSearchParams | undefined, { route, params }: Match): void {
  if (!query && !params.size) return;
  for (const field of route.method.input.fields) {
    if (field === route.bodyField) continue;
    const bound = params.get(field.name) ?? params.get(field.localName);
    const sent = bound !== undefined ? [bound] : (query?.getAll(field.name) ?? []);
    if (!sent.length) continue;
    if (field.fieldKind === "list") decodeField(request, field, sent, { text: true });
    else if (sent[0] !== "" || field.fieldKind !== "scalar" || field.presence === FeatureSet_FieldPresence.EXPLICIT) decodeField(request, field, sent[0]!, { text: true });
  }
}

// Whoever calls by hand often leaves the type of the JSON out. Only a browser can be made to send such a body by another
// site, and it says that it is one.
const showsBrowser = (headers: RequestHeaders) => headers.has("origin") || headers.has("sec-fetch-site");

function withPrefix(path: string, prefix?: string): string {
  if (!prefix || path === prefix || path.startsWith(`${prefix}/`)) return path;
  return prefix + path;
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
