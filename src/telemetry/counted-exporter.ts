import { ExportResultCode } from "@opentelemetry/core";
import type { ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { defineCounter, defineGauge } from "../measure.ts";

const countSpans = defineCounter(
  "ostiary_trace_spans_total",
  "Spans that were recorded, by what became of them: exported, failed (the receiver did not take them) or dropped (too many waited).",
  ["outcome"],
);

/** What became of spans. */
export interface SpanCounts {
  /** Taken by the receiver. */
  exported: number;
  /** Given up, since the receiver did not take them. */
  failed: number;
  /** Not kept, since too many wait already. */
  dropped: number;
  /** Waiting, or on their way. */
  waiting: number;
}

/** What an exporter is watched with. */
export interface ExportWatch {
  readonly counts: SpanCounts;
  /** Not every exporter gives up by itself. */
  readonly mostMs: number;
  failed(reason: string, lost: number): void;
}

/** Makes counts, which metrics tell of as well. */
export function createSpanCounts(): SpanCounts {
  const counts: SpanCounts = { exported: 0, failed: 0, dropped: 0, waiting: 0 };
  all.add(counts);
  return counts;
}

/** Leaves out what nobody counts any more. */
export const endSpanCounts = (counts: SpanCounts): void => void all.delete(counts);

const all = new Set<SpanCounts>();
defineGauge("ostiary_trace_spans_waiting", "Spans that wait to be exported, or are on their way.", () =>
  [...all].reduce((sum, { waiting }) => sum + waiting, 0),
);

/** Counts a span that is not kept. */
export function dropSpan(counts: SpanCounts): void {
  counts.dropped++;
  countSpans(["dropped"]);
}

/** An exporter that counts, and tells of failures. */
export function countedExporter(exporter: SpanExporter, { counts, mostMs, failed }: ExportWatch): SpanExporter {
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      inTime(
        (end) => exporter.export(spans, end),
        mostMs,
        (result) => {
          counts.waiting -= spans.length;
          if (result.code === ExportResultCode.SUCCESS) {
            counts.exported += spans.length;
            countSpans(["exported"], spans.length);
          } else {
            counts.failed += spans.length;
            countSpans(["failed"], spans.length);
            failed(result.error?.message ?? "unknown", spans.length);
          }
          done(result);
        },
      );
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

/** Hears once what has come of it: when it says so, or when its time is up. */
function inTime(
  begin: (end: (result: ExportResult) => void) => void,
  mostMs: number,
  hear: (result: ExportResult) => void,
) {
  let over = false;
  const end = (result: ExportResult) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    hear(result);
  };
  const late = new Error(`Nothing was answered within ${mostMs} ms.`);
  const timer = setTimeout(end, mostMs, { code: ExportResultCode.FAILED, error: late } satisfies ExportResult).unref();
  begin(end);
}
