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
  return {
    observe({ name }, { protocol }, code, duration) {
      calls.inc({ method: name, protocol, code: code === undefined ? "ok" : Code[code] });
      seconds.observe({ method: name, protocol }, duration);
    },
    observeMail: (channel, fate) => attempts.inc({ channel, fate }),
    text: () => registry.metrics(),
  };
}
