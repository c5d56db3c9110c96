import { Health } from "#gen/grpc/health/v1/health_pb.js";
import { adminGate } from "../access/gate.ts";
import { revisionOf } from "../config/revision.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Call, Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Problem } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Principal } from "../principal.ts";
import { createRestGateway } from "../rest/gateway.ts";
import { openApiOf } from "../rest/openapi.ts";
import { codeOf } from "../server/connect-error.ts";
import { createConnectHandler } from "../server/connect.ts";
import { createDispatcher } from "../server/dispatch.ts";
import type { Service } from "../server/dispatch.ts";
import { letBodyCome } from "../server/endless-body.ts";
import { forged } from "../server/forged.ts";
import { serveHealth } from "../server/health.ts";
import { takeGrpcStreams } from "../server/grpc-stream.ts";
import { dropUnread, isGone } from "../server/http.ts";
import type { RequestHead } from "../server/http.ts";
import { countRequest } from "../server/http-figures.ts";
import type { TakeStream } from "../server/http2.ts";
import { createListener } from "../server/listener.ts";
import type { Listener } from "../server/listener.ts";
import { largestMessageOf } from "../server/message-size.ts";
import type { Metrics } from "../server/metrics.ts";
import { createPlainRoutes } from "../server/plain.ts";
import { createPort } from "../server/port.ts";
import { publicAddress } from "../server/public-address.ts";
import { otherPort } from "../server/redirects.ts";
import { serveReflection } from "../server/reflection.ts";
import { releaseTurn } from "../server/stream-turns.ts";
import type { UnaryOptions } from "../server/unary-call.ts";
import { watchReader } from "../server/watch-reader.ts";
import { readTls } from "../server/tls-pair.ts";
import { followTls } from "../server/tls-renewal.ts";
import { traceCalls } from "../server/trace-calls.ts";
import type { Tracer } from "../tracing/tracer.ts";
import type { Directory } from "../tenant/directory.ts";
import { serverVersion } from "../version.ts";
import { guardPlain } from "./guard-plain.ts";
import { sitesOf } from "./sites.ts";
import { tenantsOfRequests } from "./tenants-of-requests.ts";
import type { DescService } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";

/** What the ports of a server share. */
export interface Parts {
  readonly store: ConfigStore;
  readonly db: Database;
  readonly log: Log;
  readonly directory: Directory;
  readonly metrics: Metrics;
  /** Undefined where nothing is traced. */
  readonly tracer: Tracer | undefined;
  /** Which workers of this server do not answer. */
  alive(): Promise<Readonly<Record<string, string>>>;
  /** What keeps this server from serving. */
  ready(): Promise<Readonly<Record<string, string>>>;
  /** Aborted as soon as the server is about to go. */
  readonly leaving: AbortSignal;
  readonly now: () => Date;
  createContext(call: Call, port: "public" | "admin", principal?: Principal): Context;
}

/** How a port answers: requests, and what has a shorter way than that. */
interface Ways {
  readonly handle: Parameters<typeof createListener>[1];
  readonly takeStream: TakeStream;
}

const largestBody = 5 * 1024 * 1024;

/** Makes a port: what it listens on, the protocols that it speaks, the services that it serves. */
export function openPort(name: "public" | "admin", services: Service[], parts: Parts): Listener {
  const { store, directory, log, metrics, tracer, alive, ready, leaving, createContext } = parts;
  const admin = name === "admin";
  const mostPublic = store.current().serve.public.max_body_bytes;
  const tenants = tenantsOfRequests(directory, name, () => store.current().serve);
  const baseUrl = (req: RequestHead) =>
    publicAddress(req, tenants.servedTo(req).config().serve[name], store.current().serve.trusted_proxies);
  const gate = admin ? adminGate({ ...parts, config: () => store.current() }) : undefined;
  const tracing = tracer && traceCalls(tracer, name);
  const dispatcher = createDispatcher({
    services,
    log,
    createContext: (call, principal) => createContext(call, name, principal),
    gate,
    stillServes: (tenant) => directory.configOf(tenant),
    tracing,
    observe: metrics.observe,
  });
  const descs: DescService[] = services.map(({ desc }) => desc);
  const rest = createRestGateway({
    services: descs,
    dispatch: dispatcher.dispatch,
    streams: { open: dispatcher.stream, begun: releaseTurn, watchReader },
    bodies: {
      receive: dispatcher.receive,
      letCome: letBodyCome,
      mostBytes: admin ? largestMessageOf : () => mostPublic,
    },
    ...(gate && { admit: dispatcher.admit }),
    ...(tracing && { watch: tracing.watch }),
    known: dispatcher.known,
    baseUrl,
    tenantOf: tenants.of,
    maxBodyBytes: (method) => (admin ? Math.max(largestBody, largestMessageOf(method)) : mostPublic),
    dropUnread,
    isGone,
    badRequest,
    answered: countRequest,
    refused: (method, refusal) => metrics.observe(method, overRest, codeOfRefusal(refusal), 0),
    ...(admin ? { prefix: "/admin" } : { refuseUnknown: forged }),
  });
  const extra = (router: ConnectRouter) => {
    serveReflection(
      router,
      [...descs, Health].map(({ file }) => file),
    );
    const names = descs.map(({ typeName }) => typeName);
    serveHealth(router, names, { leaving, ready: async () => Object.keys(await ready()).length === 0 });
  };
  const plain = createPlainRoutes({
    admin,
    alive,
    ready,
    version: serverVersion(),
    revision: () => revisionOf(store.current()),
    metrics: metrics.text,
    openApi: () => Buffer.from(JSON.stringify(openApiOf(descs, describePort(admin)))),
  });
  const unary: UnaryOptions = {
    dispatcher,
    baseUrl,
    tenantOf: tenants.of,
    largestMessage: admin ? largestMessageOf : () => mostPublic,
    refused: (method, call, refusal) => metrics.observe(method, call, codeOf(refusal), 0),
  };
  const handle = createPort({
    name,
    log,
    connect: createConnectHandler({ ...unary, extra }),
    rest,
    plain: gate ? guardPlain(plain, { gate, store, baseUrl, tenant: directory.default }) : plain,
    elsewhere: (path) => otherPort(name, path, store.current().serve),
    silentAboutHealth: store.current().serve[name].request_log.disable_for_health,
    sites: sitesOf(name, { parts, tenants, rest, baseUrl }),
    ...(!admin && { vary: "Cookie", cors: (req) => tenants.servedTo(req).config().serve.public.cors }),
    resolve: tenants.resolve,
  });
  return listen(name, { handle, takeStream: takeGrpcStreams({ ...unary, resolve: tenants.resolve, log }) }, parts);
}

/** Listens for a port, and follows changes of its certificate. */
function listen(name: "public" | "admin", { handle, takeStream }: Ways, { store, log }: Parts): Listener {
  const admin = name === "admin";
  const config = store.current().serve[name];
  const tls = config.tls && readTls(name, config.tls);
  const listener = createListener(
    {
      setting: `serve.${name}`,
      host: config.host,
      port: config.port,
      socket: config.socket,
      requestTimeoutMs: admin ? 30_000 : 15_000,
      idleTimeoutMs: admin ? 600_000 : 120_000,
      ...(tls && { tls }),
    },
    handle,
    takeStream,
  );
  const unfollow = tls && followTls({ port: name, store, log, shown: tls, renew: listener.renewTls });
  return {
    ...listener,
    close(...times) {
      unfollow?.();
      return listener.close(...times);
    },
  };
}

const overRest = { protocol: "rest" } as const;

/** What is counted of a request over REST that is not served: of one that no call has it is the status alone that is known. */
const codeOfRefusal = (refusal: Problem | number): Code =>
  typeof refusal !== "number" ? codeOf(refusal) : refusal === 404 ? Code.NotFound : Code.Unimplemented;

const describePort = (admin: boolean) => ({
  title: `Ostiary, ${admin ? "admin" : "public"} API`,
  version: serverVersion(),
  ...(!admin && {
    headers: {
      "X-Session-Token": "The token of a native client's session.",
      Cookie: "The cookies of a browser, which carry its session.",
    },
  }),
});

const badRequest = (text: string, kind: "malformed" | "unsupported" | "too-large", strict: boolean) =>
  problem(
    kind === "too-large" ? ErrorReason.PAYLOAD_TOO_LARGE : ErrorReason.BAD_REQUEST,
    strict ? { message: text } : { reason: text },
  );
