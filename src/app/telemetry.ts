import type { Config } from "../config/config.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../server/metrics.ts";
import type { MetricsExport } from "../telemetry/start-metrics.ts";
import type { Tracer } from "../tracing/tracer.ts";

/** What a server tells of itself by OpenTelemetry, where it is told to. */
export interface Telemetry {
  /** Undefined where nothing is traced. */
  readonly tracer: Tracer | undefined;
  /** Begins to send metrics, where they go somewhere. */
  sendMetrics(metrics: Pick<Metrics, "figures">): void;
  /** Sends what is left, for a few seconds at most. */
  stop(): Promise<void>;
}

/** How long the end of a server waits for its last traces and metrics to be taken. */
const flushMs = 3_000;

/** Starts what the configuration asks for, and loads what that takes: many servers never use it. */
export async function startTelemetry({ tracing: asked, metrics }: Config, log: Log): Promise<Telemetry> {
  const tracing =
    asked && (await (await import("../telemetry/start-tracing.ts")).startTracing({ tracing: asked }, log));
  let sending: Promise<MetricsExport> | undefined;
  return {
    tracer: tracing?.tracer,
    sendMetrics({ figures }) {
      const { otlp } = metrics;
      if (!otlp) return;
      sending = import("../telemetry/start-metrics.ts").then(({ startMetrics }) =>
        startMetrics({ tracing: asked, metrics: { otlp } }, log, figures),
      );
    },
    async stop() {
      await Promise.all([(await sending)?.stop(flushMs), tracing?.stop(flushMs)]);
    },
  };
}
