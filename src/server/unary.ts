import { create } from "@bufbuild/protobuf";
import type { DescMessage, DescMethodUnary, Message } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createMethodSerializationLookup } from "@connectrpc/connect/protocol";
import type { MethodSerializationLookup } from "@connectrpc/connect/protocol";
import type { Call } from "../context.ts";
import { ErrorReason, Problem, problem } from "../errors.ts";
import { collect } from "../rest/body.ts";
import { requestHeaders } from "../rest/request-headers.ts";
import { toConnectError } from "./connect-error.ts";
import { clientCertificateOf } from "../rest/client-certificate.ts";
import type { ServedTenant } from "../tenant.ts";
import type { Dispatcher } from "./dispatch.ts";
import { dropUnread, heededByBrowsers, isGone, pathOf, peerOf } from "./http.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { answerUnary, answerUnaryError } from "./unary-answer.ts";
import type { Encoding } from "./unary-answer.ts";
import { largestBodyOf, readUnaryRequest, unwrap } from "./unary-request.ts";
import type { UnaryRequest } from "./unary-request.ts";

/** What the short way to a handler needs. */
export interface UnaryOptions {
  readonly dispatcher: Dispatcher;
  baseUrl(req: HttpRequest): string;
  /** Whose accounts a request is about, or why it is not looked at. */
  tenantOf(req: HttpRequest): ServedTenant | Problem;
  /** How many bytes a message of a call may have. */
  largestMessage(method: DescMethodUnary): number;
}

interface Route {
  readonly method: DescMethodUnary;
  readonly mostBytes: number;
  readonly messages: MethodSerializationLookup<DescMessage, DescMessage>;
}

interface Plain extends Route {
  readonly asked: UnaryRequest;
  readonly tenant: ServedTenant;
}

/**
 * A short way for unary calls. What is none by its headers is left to Connect's handlers, which know every corner of the
 * protocols, but take for a fault of the server what the client wrote badly. Returns nothing where it leaves a request.
 */
export function createUnaryPath(options: UnaryOptions) {
  const routes = routesOf(options);
  return function handle(req: HttpRequest, res: HttpResponse): Promise<void> | undefined {
    const route = routes.get(pathOf(req));
    const asked = route && readUnaryRequest(req, route.method);
    if (!asked) return undefined;
    const tenant = options.tenantOf(req);
    if (tenant instanceof Problem) return refuse(req, res, asked, tenant);
    const plain = { ...route, asked, tenant };
    if (asked.message) return take(options, plain, asked.message, req, res);
    // Of a body that is too long, or breaks off, nothing is left.
    const body = collect(req, largestBodyOf(route.mostBytes, asked)).catch(() => undefined);
    return body.then((read) => take(options, plain, read, req, res));
  };
}

function routesOf({ dispatcher: { services }, largestMessage }: UnaryOptions): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const { desc } of services)
    for (const method of desc.methods as DescMethodUnary[]) {
      const mostBytes = largestMessage(method);
      const limits = { readMaxBytes: mostBytes, writeMaxBytes: 0xffffffff };
      const messages = createMethodSerializationLookup(method, undefined, undefined, limits);
      routes.set(`/${desc.typeName}/${method.name}`, { method, mostBytes, messages });
    }
  return routes;
}

async function take(
  options: UnaryOptions,
  plain: Plain,
  body: Buffer | undefined,
  req: HttpRequest,
  res: HttpResponse,
): Promise<void> {
  if (isGone(req)) return;
  const { mostBytes, asked } = plain;
  const message = body ? await unwrap(body, mostBytes, asked) : "too large";
  if (typeof message !== "string") return serve(options, plain, message, req, res);
  return refuse(req, res, asked, message === "too large" ? tooLarge(mostBytes) : unreadable(message));
}

async function refuse(
  req: HttpRequest,
  res: HttpResponse,
  { encoding }: UnaryRequest,
  refusal: Problem,
): Promise<void> {
  dropUnread(req, res);
  answerUnaryError(res, encoding, toConnectError(refusal), undefined);
}

const tooLarge = (mostBytes: number) =>
  problem(ErrorReason.PAYLOAD_TOO_LARGE, { reason: `The message is larger than ${mostBytes} bytes.` });

const unreadable = (why: string) => problem(ErrorReason.BAD_REQUEST, { reason: `The message cannot be read: ${why}` });

async function serve(
  { dispatcher, baseUrl }: UnaryOptions,
  { method, messages, tenant, asked: { encoding, timeoutMs } }: Plain,
  message: Uint8Array,
  req: HttpRequest,
  res: HttpResponse,
): Promise<void> {
  const { call, replied } = callOf(req, tenant, encoding.protocol, timeoutMs, baseUrl);
  try {
    const request = parse(messages, encoding, message);
    const answer = create(method.output, await dispatcher.dispatch(method, request, call));
    const bytes = messages.getO(encoding.binary).serialize(answer);
    if (!res.destroyed) answerUnary(res, encoding, bytes, replied());
  } catch (error) {
    if (!res.destroyed) answerUnaryError(res, encoding, toConnectError(dispatcher.known(method, error)), replied());
  }
}

/** Connect calls a message that cannot be read a fault of the server. It is the client's. */
function parse(messages: Route["messages"], { binary }: Encoding, message: Uint8Array): Message {
  try {
    return messages.getI(binary).parse(message);
  } catch (error) {
    throw unreadable(ConnectError.from(error).rawMessage);
  }
}

/** The call as handlers see it. What few of them ask for is made when they do. */
function callOf(
  req: HttpRequest,
  tenant: ServedTenant,
  protocol: Encoding["protocol"],
  timeoutMs: number | undefined,
  baseUrl: (req: HttpRequest) => string,
) {
  let reply: Headers | undefined;
  const call: Call = {
    protocol,
    tenant,
    headers: requestHeaders(req.headers),
    get url() {
      return new URL(pathOf(req), baseUrl(req)).href;
    },
    peer: peerOf(req),
    get certificate() {
      return clientCertificateOf(req);
    },
    method: "POST",
    isNavigation: false,
    isPrefetch: false,
    texts: [],
    ...(timeoutMs !== undefined && { timeoutMs }),
    reply: {
      get headers() {
        return (reply ??= new Headers());
      },
    },
  };
  const replied = () => {
    for (const name of [...(reply?.keys() ?? [])]) if (!heededByBrowsers.has(name)) reply!.delete(name);
    return reply;
  };
  return { call, replied };
}
