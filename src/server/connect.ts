import { create } from "@bufbuild/protobuf";
import type {
  DescMethod,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  Message,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createContextKey, createContextValues, createConnectRouter } from "@connectrpc/connect";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import type { Call } from "../context.ts";
import { Problem } from "../errors.ts";
import type { Log } from "../log.ts";
import { clientCertificateOf } from "../rest/client-certificate.ts";
import type { ServedTenant } from "../tenant.ts";
import { toConnectError } from "./connect-error.ts";
import type { Dispatcher } from "./dispatch.ts";
import { letBodyCome } from "./endless-body.ts";
import { dropUnread, heededByBrowsers, pathOf, peerOf } from "./http.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { largestMessageOf } from "./message-size.ts";
import { onlyReadable } from "./readable-messages.ts";
import { createUnaryPath } from "./unary.ts";
import { releaseTurn } from "./stream-turns.ts";
import { watchReader } from "./watch-reader.ts";

const largestOther = 1024 * 1024;
const largestAnswer = 64 * 1024 * 1024;
const sizesKey = createContextKey<number[]>([], {
  description: "how long messages are that have come, and were not taken yet",
});
const reqKey = createContextKey<HttpRequest | undefined>(undefined, { description: "the request under the call" });

/** What a port serves over Connect, gRPC and gRPC-web. */
export interface ConnectOptions {
  readonly dispatcher: Dispatcher;
  baseUrl(req: HttpRequest): string;
  /** Whose accounts a request is about, or why it is not looked at. */
  tenantOf(req: HttpRequest): ServedTenant | Problem;
  /** How many bytes a message of a call may have. */
  largestMessage?(method: DescMethod): number;
  /** Services beside ours: health, reflection. */
  extra(router: ConnectRouter): void;
  readonly log?: Log;
  /** Whether unary calls skip Connect's own handlers, which take everything. They do unless told otherwise. */
  readonly fast?: boolean;
}

/** Serves the handlers over Connect, gRPC and gRPC-web, and tells whether a path is theirs. */
export function createConnectHandler(options: ConnectOptions) {
  const { dispatcher, baseUrl, tenantOf, extra, log, largestMessage = largestMessageOf, fast = true } = options;
  const router = createConnectRouter({
    readMaxBytes: largestOther,
    writeMaxBytes: largestAnswer,
    acceptCompression: [compressionGzip],
  });
  for (const { desc } of dispatcher.services)
    for (const method of desc.methods) {
      const limits = { readMaxBytes: largestMessage(method) };
      if (method.methodKind === "server_streaming") {
        const endless = method as DescMethodServerStreaming;
        router.rpc(endless, streaming(endless, options), limits);
      } else if (method.methodKind === "client_streaming") {
        const sent = method as DescMethodClientStreaming;
        router.rpc(sent, receiving(sent, options), limits);
      } else router.rpc(method as DescMethodUnary, implementation(method, options), limits);
    }
  extra(router);
  const handlers = new Map<string, UniversalHandler>(router.handlers.map((handler) => [handler.requestPath, handler]));

  function whole(req: HttpRequest, res: HttpResponse): Promise<void> {
    const handler = handlers.get(pathOf(req))!;
    const sizes: number[] = [];
    const values = createContextValues().set(reqKey, req).set(sizesKey, sizes);
    const request = universalRequestFromNodeRequest(req as never, res as never, undefined, values);
    const body = onlyReadable(
      request.body as AsyncIterable<Uint8Array>,
      handler.method,
      request.header,
      Math.max(largestOther, largestMessage(handler.method)),
      handler.method.methodKind === "client_streaming" ? (bytes) => sizes.push(bytes) : undefined,
    );
    dropUnread(req, res);
    const closed = new Promise<void>((resolve) => res.once("close", resolve));
    const fail = (error: unknown) => {
      const { code } = ConnectError.from(error);
      if (code !== Code.Aborted && code !== Code.Canceled) log?.warn("a call could not be answered", { error });
      res.destroy();
    };
    return handler(req.method === "POST" ? { ...request, body } : request).then(async (response) => {
      const endless = handler.method.methodKind === "server_streaming";
      const begun = () => {
        releaseTurn(res);
        return watchReader(res);
      };
      const { steps, working } = watched(response.body, endless ? begun : undefined);
      // What the writer promises is never kept: it waits for an event that a response does not have.
      universalResponseToNodeResponse({ ...response, ...(steps && { body: steps }) }, res as never).catch(fail);
      await closed;
      await working();
    }, fail);
  }

  const unary = createUnaryPath({ dispatcher, baseUrl, tenantOf, largestMessage });
  return {
    handle(req: HttpRequest, res: HttpResponse): Promise<void> | void {
      // Connect's own handlers make a URL out of what the client says of the server, and throw where that is none.
      if (!URL.canParse(`http://${authorityOf(req)}/`)) return refuse(res);
      return (fast && unary(req, res)) || whole(req, res);
    },
    serves: (path: string) => handlers.has(path),
  };
}

/** The pieces of an answer, and when the one that is being made is done, whether anybody takes it or not. */
function watched(body: AsyncIterable<Uint8Array> | undefined, watch?: () => () => void) {
  let step: Promise<unknown> = Promise.resolve();
  async function* steps(pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const next = pieces.next();
        step = next.catch(() => undefined);
        const { done, value } = await next;
        if (done) return;
        const taken = watch?.();
        try {
          yield value;
        } finally {
          taken?.();
        }
      }
    } finally {
      await pieces.return?.();
    }
  }
  return { steps: body && steps(body[Symbol.asyncIterator]()), working: () => step };
}

const authorityOf = (req: HttpRequest): string => ("authority" in req ? req.authority : req.headers.host) ?? "";

function refuse(res: HttpResponse): void {
  res.statusCode = 400;
  res.end();
}

function implementation(method: DescMethod, { dispatcher, baseUrl, tenantOf }: ConnectOptions) {
  return async (request: Message, hc: HandlerContext): Promise<Message> => {
    const tenant = tenantOf(hc.values.get(reqKey)!);
    if (tenant instanceof Problem) throw toConnectError(tenant);
    const call = callOf(hc, tenant, baseUrl);
    try {
      return create(method.output, await dispatcher.dispatch(method as DescMethodUnary, request, call));
    } catch (error) {
      throw toConnectError(dispatcher.known(method as DescMethodUnary, error));
    } finally {
      for (const [name, value] of call.reply.headers)
        if (heededByBrowsers.has(name)) hc.responseHeader.append(name, value);
    }
  };
}

function streaming(method: DescMethodServerStreaming, { dispatcher, baseUrl, tenantOf }: ConnectOptions) {
  return async function* (request: Message, hc: HandlerContext): AsyncGenerator<Message> {
    const tenant = tenantOf(hc.values.get(reqKey)!);
    if (tenant instanceof Problem) throw toConnectError(tenant);
    try {
      for await (const answer of dispatcher.stream(method, request, callOf(hc, tenant, baseUrl), hc.signal))
        yield create(method.output, answer);
    } catch (error) {
      throw toConnectError(dispatcher.known(method, error));
    }
  };
}

function receiving(method: DescMethodClientStreaming, { dispatcher, baseUrl, tenantOf }: ConnectOptions) {
  return async function (requests: AsyncIterable<Message>, hc: HandlerContext): Promise<Message> {
    const req = hc.values.get(reqKey)!;
    const tenant = tenantOf(req);
    if (tenant instanceof Problem) throw toConnectError(tenant);
    async function* messages() {
      letBodyCome(req);
      const sizes = hc.values.get(sizesKey);
      for await (const message of requests) yield { message, bytes: sizes.shift() ?? 0 };
    }
    try {
      return create(method.output, await dispatcher.receive(method, messages, callOf(hc, tenant, baseUrl), hc.signal));
    } catch (error) {
      throw toConnectError(dispatcher.known(method, error));
    }
  };
}

function callOf(hc: HandlerContext, tenant: ServedTenant, baseUrl: (req: HttpRequest) => string): Call {
  const req = hc.values.get(reqKey)!;
  const waits = hc.timeoutMs();
  return {
    protocol: hc.protocolName as "connect" | "grpc" | "grpc-web",
    tenant,
    headers: hc.requestHeader,
    url: new URL(pathOf(req), baseUrl(req)).href,
    address: baseUrl(req),
    peer: peerOf(req),
    get certificate() {
      return clientCertificateOf(req);
    },
    method: "POST",
    isNavigation: false,
    isPrefetch: false,
    texts: [],
    ...(waits !== undefined && { timeoutMs: waits }),
    reply: { headers: new Headers() },
  };
}
