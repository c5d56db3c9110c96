import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { Json } from "../client.ts";

const read = (file: string, service: string): ServiceDefinition =>
  loadSync(file, { includeDirs: [import.meta.dirname], longs: String, defaults: true, oneofs: true })[service] as never;

/** The services of a collector, as gRPC knows them. */
export const services = {
  traces: read("trace.proto", "opentelemetry.proto.collector.trace.v1.TraceService"),
  metrics: read("metrics.proto", "opentelemetry.proto.collector.metrics.v1.MetricsService"),
};

/** What is sent to a collector. */
export type Signal = keyof typeof services;

/** Reads what was sent over HTTP. */
export const decode = (signal: Signal, bytes: Buffer): Json =>
  (services[signal]["Export"] as MethodDefinition<unknown, unknown>).requestDeserialize(bytes);

/** Attributes by their names. */
export type Attributes = Readonly<Record<string, unknown>>;

const attributesOf = (pairs: readonly Json[]): Attributes =>
  Object.fromEntries(
    pairs.map(({ key, value }) => [key, value.value === "intValue" ? Number(value.intValue) : value[value.value]]),
  );

const kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;

/** A span as it was sent. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it has none. */
  readonly parentId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: (typeof kinds)[number];
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly failed: boolean;
  readonly resource: Attributes;
}

/** The spans of a message. */
export const spansOf = ({ resourceSpans }: Json): ReceivedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }: Json) =>
    scopeSpans
      .flatMap(({ spans }: Json) => spans)
      .map((span: Json): ReceivedSpan => ({
        traceId: span.traceId.toString("hex"),
        spanId: span.spanId.toString("hex"),
        parentId: span.parentSpanId.toString("hex"),
        traceState: span.traceState,
        name: span.name,
        kind: kinds[span.kind]!,
        attributes: attributesOf(span.attributes),
        events: span.events.map((one: Json) => ({ name: one.name, attributes: attributesOf(one.attributes) })),
        failed: span.status?.code === 2,
        resource: attributesOf(resource.attributes),
      })),
  );

/** One series of a metric, as it was sent. */
export interface ReceivedPoint {
  readonly metric: string;
  readonly kind: "gauge" | "sum" | "histogram";
  readonly attributes: Attributes;
  /** Of a histogram, how many. */
  readonly value: number;
  readonly sum: number;
  readonly buckets: readonly number[];
  readonly bounds: readonly number[];
  readonly startedAt: number;
  readonly resource: Attributes;
}

/** The series of a message. */
export const pointsOf = ({ resourceMetrics }: Json): ReceivedPoint[] =>
  resourceMetrics.flatMap(({ resource, scopeMetrics }: Json) =>
    scopeMetrics
      .flatMap(({ metrics }: Json) => metrics)
      .flatMap((metric: Json) =>
        metric[metric.data].dataPoints.map((point: Json): ReceivedPoint => ({
          metric: metric.name,
          kind: metric.data,
          attributes: attributesOf(point.attributes),
          value: Number(point.count ?? point[point.value]),
          sum: point.sum,
          buckets: (point.bucketCounts ?? []).map(Number),
          bounds: point.explicitBounds ?? [],
          startedAt: Number(BigInt(point.startTimeUnixNano) / 1_000_000n),
          resource: attributesOf(resource.attributes),
        })),
      ),
  );
