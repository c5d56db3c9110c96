import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { createConnectRouter } from "@connectrpc/connect";
import type { ConnectRouter, HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { DescService } from "@bufbuild/protobuf";
import { compressionGzip, connectNodeAdapter } from "@connectrpc/connect-node";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { createContextKey, createContextValues } from "@connectrpc/connect";
import type { Call } from "../context.ts";
import type { Dispatcher } from "./dispatch.ts";

/** A request of either HTTP version. */
export type HttpRequest = IncomingMessage | Http2ServerRequest;
/** The response that goes with it. */
export type HttpResponse = ServerResponse | Http2ServerResponse;

const largestMessage = 1024 * 1024;
const longestCallMs = 30_000;
const peerKey = createContextKey("", { description: "the address of the peer" });
const urlKey = createContextKey("", { description: "the URL as the client wrote it" });

/** What a port serves over Connect, gRPC and gRPC-web. */
export interface ConnectOptions {
  readonly dispatcher: Dispatcher;
  baseUrl(): string;
  /** Services beside ours: health, reflection. */
  extra(router: ConnectRouter): void;
}

/** Serves the handlers over Connect, gRPC and gRPC-web, and tells whether a path is theirs. */
export function createConnectHandler({ dispatcher, baseUrl, extra }: ConnectOptions) {
  const routes = (router: ConnectRouter) => {
    for (const { desc } of dispatcher.services) router.service(desc, implementation(dispatcher, desc));
    extra(router);
  };
  const limits = {
    readMaxBytes: largestMessage,
    writeMaxBytes: 64 * largestMessage,
    maxTimeoutMs: longestCallMs,
    acceptCompression: [compressionGzip],
  };
  const probe = createConnectRouter(limits);
  routes(probe);
  const paths = new Set(probe.handlers.map(({ requestPath }) => requestPath));
  const handle = connectNodeAdapter({
    routes,
    ...limits,
    contextValues: (req) => {
      const values = createContextValues();
      values.set(peerKey, (req.socket.remoteAddress ?? "").replace(/^::ffff:/, ""));
      values.set(urlKey, new URL(req.url ?? "/", baseUrl()).href);
      return values;
    },
  });
  return { handle, serves: (path: string) => paths.has(path) };
}

function implementation(dispatcher: Dispatcher, desc: DescService): ServiceImpl<DescService> {
  const calls = desc.methods.map((method) => [
    method.localName,
    async (request: Message, hc: HandlerContext) => {
      const call = callOf(hc);
      const headersToClient = call.reply.headers;
      try {
        return await dispatcher.dispatch(method as DescMethodUnary, request, call);
      } finally {
        for (const [name, value] of headersToClient) hc.responseHeader.append(name, value);
      }
    },
  ]);
  return Object.fromEntries(calls) as ServiceImpl<DescService>;
}

function callOf(hc: HandlerContext): Call {
  return {
    protocol: hc.protocolName as "connect" | "grpc" | "grpc-web",
    headers: hc.requestHeader,
    url: hc.values.get(urlKey),
    peer: hc.values.get(peerKey),
    navigates: false,
    form: false,
    signal: hc.signal,
    reply: { headers: new Headers() },
  };
}
