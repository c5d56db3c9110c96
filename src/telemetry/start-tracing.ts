import { setTimeout as pause } from "node:timers/promises";
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Config } from "../config/config.ts";
import type { Log } from "../log.ts";
import { shareOf } from "../peers.ts";
import { outsideOfTraces } from "../tracing/active-span.ts";
import type { Tracer } from "../tracing/tracer.ts";
import { createTracer } from "./arrivals.ts";
import { limitPerSecond } from "./asked-traces.ts";
import { exportTimeoutMs } from "./collector.ts";
import { countedExporter, createSpanCounts, dropSpan, endSpanCounts } from "./counted-exporter.ts";
import type { SpanCounts } from "./counted-exporter.ts";
import { resourceOf } from "./resource.ts";
import { receiverOf } from "./span-exporter.ts";
import { tellFailures } from "./tell-failures.ts";

/** Spans as they are made and sent. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Since the start, but for those that wait. */
  readonly counts: Readonly<SpanCounts>;
  /** Sends what waits, for as long as it may take. */
  stop(mostMs: number): Promise<void>;
}

/** As many wait to be sent, or are on their way: with a receiver that is down, a few megabytes. */
const mostWaiting = 2048;
const longestValue = 256;
/** Exporters that give up by themselves do so before that. */
const longestExportMs = exportTimeoutMs + 1000;

/** Begins to trace; undefined where no receiver is configured. */
export async function startTracing(config: Pick<Config, "tracing">, log: Log): Promise<Tracing | undefined> {
  const { tracing } = config;
  const receiver = tracing && (await receiverOf(tracing));
  if (!receiver) return undefined;
  const counts = createSpanCounts();
  const exporter = countedExporter(receiver.exporter, {
    counts,
    mostMs: longestExportMs,
    failed: tellFailures(log, "traces cannot be exported"),
  });
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: mostWaiting,
    scheduledDelayMillis: 1000,
    exportTimeoutMillis: longestExportMs,
  });
  const provider = new TracerProvider({
    resource: resourceOf(config),
    // Whether a trace is recorded is known before its first span is made.
    sampler: new AlwaysOnSampler(),
    spanLimits: { attributeValueLengthLimit: longestValue },
    spanProcessors: [bounded(processor, counts)],
  });
  const sampling = { ratio: receiver.ratio, mayAsk: limitPerSecond(shareOf(tracing.requested_per_second, 0)) };
  return {
    tracer: createTracer(provider.getTracer("ostiary"), sampling),
    counts,
    async stop(mostMs) {
      const stopped = provider.shutdown().catch(() => undefined);
      await Promise.race([stopped, pause(mostMs, undefined, { ref: false })]);
      endSpanCounts(counts);
    },
  };
}

/** Keeps no more than may wait, and sends them in nobody's name: a request would be the one that happened to end last. */
const bounded = (processor: SpanProcessor, counts: SpanCounts): SpanProcessor => ({
  onStart: (span, context) => processor.onStart(span, context),
  onEnd(span) {
    if (counts.waiting >= mostWaiting) dropSpan(counts);
    else {
      counts.waiting++;
      outsideOfTraces(() => processor.onEnd(span));
    }
  },
  forceFlush: () => processor.forceFlush(),
  shutdown: () => processor.shutdown(),
});
