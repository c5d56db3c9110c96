import { setTimeout as pause } from "node:timers/promises";
import { ExportResultCode } from "@opentelemetry/core";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import type { MetricProducer, PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { Config } from "../config/config.ts";
import type { CollectorConfig } from "../config/telemetry-config.ts";
import type { Log } from "../log.ts";
import { defineCounter } from "../measure.ts";
import { serverInstance } from "../peers.ts";
import type { Figure } from "../server/metrics.ts";
import { exportTimeoutMs, overGrpc, overHttp } from "./collector.ts";
import { metricDataOf } from "./metric-data.ts";
import { resourceOf } from "./resource.ts";
import { tellFailures } from "./tell-failures.ts";

const countExports = defineCounter("ostiary_metric_exports_total", "Exports of metrics by OTLP: taken or failed.", [
  "outcome",
]);

/** Metrics on their way to a collector. */
export interface MetricsExport {
  /** Sends them once more, for as long as it may take. */
  stop(mostMs: number): Promise<void>;
}

type Collector = CollectorConfig & { readonly interval: number };

/** Sends the figures of a whole server to a collector, again and again: one of its workers does so for all. */
export async function startMetrics(
  config: Pick<Config, "tracing"> & { readonly metrics: { readonly otlp: Collector } },
  log: Log,
  read: () => Promise<readonly Figure[]>,
): Promise<MetricsExport> {
  const { otlp } = config.metrics;
  const resource = resourceOf(config);
  const producer: MetricProducer = {
    async collect() {
      const metrics = metricDataOf(await read(), { startedAt: serverInstance.startedAt, readAt: Date.now() });
      return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: "ostiary" }, metrics }] }, errors: [] };
    },
  };
  const reader = new PeriodicExportingMetricReader({
    exporter: telling(await exporterOf(otlp), tellFailures(log, "metrics cannot be exported")),
    exportIntervalMillis: otlp.interval,
    exportTimeoutMillis: Math.min(exportTimeoutMs + 1000, otlp.interval),
    metricProducers: [producer],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return {
    async stop(mostMs) {
      const stopped = provider.shutdown().catch(() => undefined);
      await Promise.race([stopped, pause(mostMs, undefined, { ref: false })]);
    },
  };
}

/** Each package is loaded where it is needed. */
async function exporterOf(collector: Collector): Promise<PushMetricExporter> {
  if (collector.protocol === "grpc") {
    const { OTLPMetricExporter } = await import("@opentelemetry/exporter-metrics-otlp-grpc");
    return new OTLPMetricExporter(await overGrpc(collector));
  }
  const { OTLPMetricExporter } = await import("@opentelemetry/exporter-metrics-otlp-proto");
  return new OTLPMetricExporter(overHttp(collector, "metrics"));
}

/** An exporter that tells of failures. What was not taken is in the next numbers as well. */
const telling = (exporter: PushMetricExporter, failed: (reason: string) => void): PushMetricExporter => ({
  export: (metrics, done) =>
    exporter.export(metrics, (result) => {
      const taken = result.code === ExportResultCode.SUCCESS;
      countExports([taken ? "taken" : "failed"]);
      if (!taken) failed(result.error?.message ?? "unknown");
      done(result);
    }),
  forceFlush: () => exporter.forceFlush(),
  shutdown: () => exporter.shutdown(),
});
