import { ExportResultCode } from "@opentelemetry/core";
import type { ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";

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

/** An exporter that counts, and tells of failures. */
export function countedExporter(exporter: SpanExporter, { counts, mostMs, failed }: ExportWatch): SpanExporter {
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      inTime(
        (end) => exporter.export(spans, end),
        mostMs,
        (result) => {
          counts.waiting -= spans.length;
          if (result.code === ExportResultCode.SUCCESS) counts.exported += spans.length;
          else {
            counts.failed += spans.length;
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
