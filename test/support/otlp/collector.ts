import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import type { Json } from "../client.ts";
import type { ConfigTree } from "../config.ts";
import { until } from "../courier.ts";
import { decode, pointsOf, services, spansOf } from "./messages.ts";
import type { ReceivedPoint, ReceivedSpan, Signal } from "./messages.ts";

/** How a collector is spoken to. */
export type Protocol = "http/protobuf" | "grpc";

/** A collector of a test's own, which takes what it is sent. */
export interface Collector {
  /** What a configuration has to say of it. */
  readonly address: ConfigTree;
  /** Everything that it was sent, decoded. */
  readonly received: readonly { readonly signal: Signal; readonly message: Json; readonly authorization: unknown }[];
  spans(): readonly ReceivedSpan[];
  /** The latest of each series. */
  points(): readonly ReceivedPoint[];
  /** Waits until a span like this has come in. */
  span(fits: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan>;
  /** Waits until a series like this has come in. */
  point(fits: (point: ReceivedPoint) => boolean): Promise<ReceivedPoint>;
}

// A machine under load takes its time.
const patienceMs = 20_000;

/** Starts a collector that ends with the test. */
export async function startCollector(t: TestContext, protocol: Protocol = "http/protobuf"): Promise<Collector> {
  const received: Collector["received"][number][] = [];
  const port = await (protocol === "grpc" ? overGrpc : overHttp)(t, (one) => void received.push(one));
  const spans = () => received.filter(({ signal }) => signal === "traces").flatMap(({ message }) => spansOf(message));
  const points = () => {
    const latest = new Map<string, ReceivedPoint>();
    for (const { signal, message } of received)
      if (signal === "metrics")
        for (const point of pointsOf(message)) latest.set(`${point.metric} ${JSON.stringify(point.attributes)}`, point);
    return [...latest.values()];
  };
  return {
    address: { server_url: `127.0.0.1:${port}`, insecure: true, protocol },
    received,
    spans,
    points,
    async span(fits) {
      await until(() => spans().some(fits), patienceMs);
      return spans().find(fits)!;
    },
    async point(fits) {
      await until(() => points().some(fits), patienceMs);
      return points().find(fits)!;
    },
  };
}

type Take = (one: Collector["received"][number]) => void;

async function overHttp(t: TestContext, take: Take): Promise<number> {
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const signal = req.url!.slice("/v1/".length) as Signal;
    take({ signal, message: decode(signal, Buffer.concat(chunks)), authorization: req.headers.authorization });
    res.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  return (server.address() as AddressInfo).port;
}

async function overGrpc(t: TestContext, take: Take): Promise<number> {
  const server = new Server();
  for (const [signal, service] of Object.entries(services))
    server.addService(service, {
      Export({ request, metadata }: ServerUnaryCall<Json, Json>, done: sendUnaryData<Json>) {
        take({ signal: signal as Signal, message: request, authorization: metadata.get("authorization")[0] });
        done(null, {});
      },
    });
  t.after(() => server.forceShutdown());
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
}

/** A configuration by which traces go to a collector, with more about tracing and about the collector: all of them, unless told otherwise. */
export const tracedBy = ({ address }: Collector, more: ConfigTree = {}, otlp: ConfigTree = {}): ConfigTree => ({
  tracing: { provider: "otel", ...more, providers: { otlp: { ...address, ...otlp } } },
});
