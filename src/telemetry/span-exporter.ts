import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { TracingConfig } from "../config/telemetry-config.ts";
import { overGrpc, overHttp } from "./collector.ts";

/** Who receives traces, and how many of those that begin here are recorded. */
export interface Receiver {
  readonly exporter: SpanExporter;
  readonly ratio: number;
}

/** Makes what sends traces to the receiver that is configured; undefined where none is. Each package is loaded where it is needed. */
export async function receiverOf({ provider, providers, service_name }: TracingConfig): Promise<Receiver | undefined> {
  const { otlp, zipkin } = providers;
  if (provider === "zipkin") {
    const { ZipkinExporter } = await import("@opentelemetry/exporter-zipkin");
    return {
      exporter: new ZipkinExporter({ url: zipkin.server_url!, serviceName: service_name }),
      ratio: zipkin.sampling.sampling_ratio,
    };
  }
  if (provider !== "otel") return undefined;
  const collector = { ...otlp, server_url: otlp.server_url! };
  const ratio = otlp.sampling.sampling_ratio;
  if (otlp.protocol === "grpc") {
    const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-grpc");
    return { exporter: new OTLPTraceExporter(await overGrpc(collector)), ratio };
  }
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-proto");
  return { exporter: new OTLPTraceExporter(overHttp(collector, "traces")), ratio };
}
