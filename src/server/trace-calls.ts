import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { Call } from "../context.ts";
import type { Problem } from "../errors.ts";
import type { WatchedCall } from "../rest/gateway.ts";
import { withinSpan } from "../tracing/active-span.ts";
import type { ActiveSpan } from "../tracing/active-span.ts";
import type { Tracer } from "../tracing/tracer.ts";
import { codeOf } from "./connect-error.ts";

/** Makes the spans of calls: over REST of request and answer, over the other protocols of the call. */
export interface CallTracing {
  /** Answers a call over REST in a span. */
  readonly watch: (watched: WatchedCall, answer: () => Promise<Problem | undefined>) => Promise<unknown>;
  /** Begins the span of a call by another protocol. */
  begin(method: DescMethod, call: Call): ActiveSpan;
}

/** Makes it for a port; whoever calls the admin port is trusted with what is to be recorded. */
export const traceCalls = (tracer: Tracer, port: "public" | "admin"): CallTracing => ({
  watch({ call, route, exchange }, answer) {
    const span = tracer.begin({
      carrier: call.headers,
      parent: call.parentSpan,
      trusted: port === "admin",
      alone: route.method.methodKind !== "unary",
      describe: () => ({
        name: `${route.verb} ${route.path}`,
        kind: "server",
        attributes: {
          "http.request.method": call.method,
          "http.route": route.path,
          "url.scheme": call.address.slice(0, call.address.indexOf(":")),
          ...rpcOf(route.method),
        },
      }),
    });
    return withinSpan<Promise<unknown>>(span, span.isRecorded ? () => toItsEnd(span, exchange, answer) : answer);
  },
  begin: (method, call) =>
    tracer.begin({
      carrier: call.headers,
      trusted: port === "admin",
      alone: method.methodKind !== "unary",
      describe: () => ({
        name: `${method.parent.typeName}/${method.name}`,
        kind: "server",
        attributes: { "rpc.system.name": systems[call.protocol], ...rpcOf(method) },
      }),
    }),
});

const systems = { rest: undefined, grpc: "grpc", "grpc-web": "grpc", connect: "connectrpc" } as const;

const rpcOf = ({ parent, name }: DescMethod) => ({ "rpc.method": `${parent.typeName}/${name}` });

async function toItsEnd(
  span: ActiveSpan,
  { res }: WatchedCall["exchange"],
  answer: () => Promise<Problem | undefined>,
): Promise<void> {
  const refusal = await answer();
  span.set({ "http.response.status_code": res.statusCode });
  span.end(refusal);
}

/** Ends the span of a call that did not come over REST. */
export function endCall(span: ActiveSpan, error: Problem | undefined): void {
  if (span.isRecorded) span.set({ "rpc.response.status_code": error ? statusOf(codeOf(error)) : "OK" });
  span.end(error);
}

/** As gRPC writes it: NOT_FOUND. */
const statusOf = (code: Code): string => Code[code]!.replaceAll(/(?!^)([A-Z])/g, "_$1").toUpperCase();
