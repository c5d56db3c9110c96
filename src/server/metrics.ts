import type { DescMethodUnary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Call } from "../context.ts";

/** Counts and times the calls, and watches the process. */
export interface Metrics {
  observe(method: DescMethodUnary, call: Call, code: Code | undefined, seconds: number): void;
  /** Counts what became of an attempt to send a message. */
  observeMail(channel: string, fate: string): void;
  text(): Promise<string>;
}

/** Makes the figures of one server, in the format of Prometheus. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ["method", "protocol", "code"] as const;
  const calls = new Counter({
    name: "ostiary_calls_total",
    help: "Calls served, by method, protocol and outcome.",
    labelNames,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "ostiary_call_duration_seconds",
    help: "How long calls took, by method and protocol.",
    labelNames: ["method", "protocol"] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const attempts = new Counter({
    name: "ostiary_courier_attempts_total",
    help: "Attempts to send messages, by channel and by what became of the message: sent, queued again or abandoned.",
    labelNames: ["channel", "fate"] as const,
    registers: [registry],
  });
  // Looking a series up by its labels costs more than counting.
  const kept = new Map<string, { readonly calls: Counter.Internal; readonly seconds: Histogram.Internal<string> }>();
  return {
    observe({ name: method }, { protocol }, code, duration) {
      const outcome = code === undefined ? "ok" : Code[code];
      const key = `${method} ${protocol} ${outcome}`;
      let series = kept.get(key);
      if (!series) {
        series = {
          calls: calls.labels({ method, protocol, code: outcome }),
          seconds: seconds.labels({ method, protocol }),
        };
        kept.set(key, series);
      }
      series.calls.inc();
      series.seconds.observe(duration);
    },
    observeMail: (channel, fate) => attempts.inc({ channel, fate }),
    text: () => registry.metrics(),
  };
}
