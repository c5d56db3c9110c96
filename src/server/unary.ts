import type { DescMessage, DescMethod, DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createMethodSerializationLookup } from "@connectrpc/connect/protocol";
import type { MethodSerializationLookup } from "@connectrpc/connect/protocol";
import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";
import type { Call } from "../context.ts";
import type { Dispatcher } from "./dispatch.ts";
import { headersOf, peerOf } from "./http.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { answerUnary, answerUnaryError } from "./unary-answer.ts";
import type { Encoding } from "./unary-answer.ts";

/** What the short way to a handler needs. */
export interface UnaryOptions {
  readonly dispatcher: Dispatcher;
  baseUrl(): string;
  readMaxBytes(method: DescMethod): number;
  /** The long way, for all that is not plain; `body` is what of the request was read already. */
  whole(req: HttpRequest, res: HttpResponse, body?: Uint8Array): void;
}

interface Route {
  readonly method: DescMethodUnary;
  readonly messages: MethodSerializationLookup<DescMessage, DescMessage>;
  readonly readMaxBytes: number;
}

interface Plain extends Route {
  readonly encoding: Encoding;
  readonly timeoutMs: number | undefined;
}

const encodings: Readonly<Record<string, Encoding>> = {
  "application/json": { protocol: "connect", binary: false },
  "application/proto": { protocol: "connect", binary: true },
  "application/grpc": { protocol: "grpc", binary: true },
  "application/grpc+proto": { protocol: "grpc", binary: true },
  "application/grpc+json": { protocol: "grpc", binary: false },
  "application/grpc-web": { protocol: "grpc-web", binary: true },
  "application/grpc-web+proto": { protocol: "grpc-web", binary: true },
  "application/grpc-web+json": { protocol: "grpc-web", binary: false },
};
const envelopeBytes = 5;
const longestCallMs = 30_000;

/**
 * A short way for plain unary calls: one message, not compressed, well framed. Everything else is left to Connect's
 * handlers, which know every corner of the protocols. Returns false where it leaves the whole request.
 */
export function createUnaryPath(options: UnaryOptions) {
  const routes = routesOf(options);
  return function handle(req: HttpRequest, res: HttpResponse): boolean {
    const plain = plainOf(req, routes);
    if (!plain) return false;
    collect(req, plain.readMaxBytes + envelopeBytes, (body, complete) => {
      const message = complete ? messageIn(body, plain) : undefined;
      if (message) void serve(options, plain, message, req, res);
      else options.whole(req, res, body);
    });
    return true;
  };
}

function routesOf({ dispatcher, readMaxBytes }: UnaryOptions): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const { desc } of dispatcher.services)
    for (const method of desc.methods as DescMethodUnary[]) {
      const limits = { readMaxBytes: readMaxBytes(method), writeMaxBytes: 0xffffffff };
      const messages = createMethodSerializationLookup(method, undefined, undefined, limits);
      routes.set(`/${desc.typeName}/${method.name}`, { method, messages, readMaxBytes: limits.readMaxBytes });
    }
  return routes;
}

function plainOf(req: HttpRequest, routes: Map<string, Route>): Plain | undefined {
  const { headers } = req;
  const route = req.method === "POST" ? routes.get(req.url ?? "") : undefined;
  const encoding = encodings[headers["content-type"] ?? ""];
  if (!route || !encoding) return undefined;
  const { protocol } = encoding;
  if (protocol === "grpc" && req.httpVersionMajor < 2) return undefined;
  const compression = headers[protocol === "connect" ? "content-encoding" : "grpc-encoding"] ?? "identity";
  if (compression !== "identity" || Number(headers["content-length"] ?? 0) > route.readMaxBytes) return undefined;
  const timeout = timeoutOf(req, protocol);
  return timeout.error ? undefined : { ...route, encoding, timeoutMs: timeout.timeoutMs };
}

function timeoutOf({ headers }: HttpRequest, protocol: Encoding["protocol"]) {
  const value = headers[protocol === "connect" ? "connect-timeout-ms" : "grpc-timeout"];
  if (value === undefined) return {};
  const parse = protocol === "connect" ? parseConnectTimeout : parseGrpcTimeout;
  return parse(String(value), Number.MAX_SAFE_INTEGER);
}

/** Reads a body to its end, or until it is longer than anyone may send. A body that breaks off is never told. */
function collect(req: HttpRequest, most: number, done: (body: Buffer, complete: boolean) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const all = () => (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
  const onEnd = () => done(all(), true);
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= most) return;
    req.off("data", onData);
    req.off("end", onEnd);
    req.pause();
    done(all(), false);
  };
  req.on("data", onData);
  req.on("end", onEnd);
  req.on("error", () => undefined);
}

/** The one message in a body; undefined where the framing, or the size, is not as it should be. */
function messageIn(body: Buffer, { encoding, readMaxBytes }: Plain): Uint8Array | undefined {
  const framed = encoding.protocol !== "connect";
  if (framed && (body.length < envelopeBytes || body[0] !== 0 || body.readUInt32BE(1) !== body.length - envelopeBytes))
    return undefined;
  const message = framed ? body.subarray(envelopeBytes) : body;
  return message.length > readMaxBytes ? undefined : message;
}

async function serve(
  { dispatcher, baseUrl }: UnaryOptions,
  { method, messages, encoding, timeoutMs }: Plain,
  message: Uint8Array,
  req: HttpRequest,
  res: HttpResponse,
): Promise<void> {
  const abort = new AbortController();
  const gone = () => abort.abort(new ConnectError("the client has gone", Code.Canceled));
  res.once("close", gone);
  // Whatever a client allows, nothing runs on for longer than this.
  const late = () => abort.abort(new ConnectError("the operation timed out", Code.DeadlineExceeded));
  const timer = setTimeout(late, Math.min(timeoutMs ?? longestCallMs, longestCallMs));
  const { call, replied } = callOf(req, encoding.protocol, abort.signal, baseUrl);
  try {
    const request = messages.getI(encoding.binary).parse(message);
    const answer = await dispatcher.dispatch(method, request, call);
    const bytes = messages.getO(encoding.binary).serialize(answer);
    if (!res.destroyed) answerUnary(res, encoding, bytes, replied());
  } catch (error) {
    if (!res.destroyed) answerUnaryError(res, encoding, ConnectError.from(error, Code.Internal), replied());
  } finally {
    res.off("close", gone);
    clearTimeout(timer);
  }
}

/** The call as handlers see it. What few of them ask for is made when they do. */
function callOf(req: HttpRequest, protocol: Encoding["protocol"], signal: AbortSignal, baseUrl: () => string) {
  let headers: Headers | undefined;
  let reply: Headers | undefined;
  const call: Call = {
    protocol,
    get headers() {
      return (headers ??= headersOf(req));
    },
    get url() {
      return new URL(req.url ?? "/", baseUrl()).href;
    },
    peer: peerOf(req),
    method: "POST",
    navigates: false,
    peeks: false,
    form: false,
    signal,
    reply: {
      get headers() {
        return (reply ??= new Headers());
      },
    },
  };
  return { call, replied: () => reply };
}
