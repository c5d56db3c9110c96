import {
  choice,
  choiceOr,
  durationOr,
  flag,
  fractionOr,
  later,
  optionalSection,
  required,
  ruled,
  section,
  text,
  textOr,
  whole,
} from "../setting.ts";
import { absoluteUrl, collector, headerValue, hostAndPort, webAddress } from "./formats.ts";

/** How a collector is reached by OTLP. */
const collectorKeys = {
  insecure: flag(false, "Whether it is spoken to without TLS, where `server_url` does not say so by `http://`."),
  protocol: choiceOr(
    ["http/protobuf", "grpc"],
    "http/protobuf",
    "How it is spoken to: collectors listen for the one at 4318, for the other at 4317. Ostiary's own.",
  ),
  authorization_header: text("The header `Authorization` of what is sent there.", headerValue),
};

const ofTraces = "So many of the traces that begin here are recorded, from 0 to 1.";

/** Where traces go. */
export const tracing = optionalSection("Where traces go. Changes take effect after a restart.", {
  provider: ruled(
    choice(["jaeger", "otel", "zipkin"], "What receives them. Not set: nothing is traced. `jaeger` is refused."),
    (provider) =>
      provider === "jaeger"
        ? "jaeger means Jaeger's agent, which Jaeger itself has given up; it takes OTLP now: set provider to otel, and providers.otlp.server_url to its port 4318"
        : undefined,
  ),
  service_name: textOr("ostiary", "The name of this server in them, and in metrics that are sent by OTLP."),
  deployment_environment: text("The name of this installation in them: production, staging."),
  requested_per_second: whole(
    50,
    "So many traces a second are recorded because whoever calls the public port asks for it, on each server; beyond that the ratio counts for them, too. Ostiary's own.",
    { min: 0 },
  ),
  providers: section("What each of them takes.", {
    otlp: section("A collector that speaks OTLP, for `otel`.", {
      server_url: text("Its host and port, such as `localhost:4318`, or a URL.", collector),
      ...collectorKeys,
      sampling: section("Which traces are recorded.", { sampling_ratio: fractionOr(1, ofTraces) }),
    }),
    zipkin: section("A server of Zipkin's, for `zipkin`.", {
      server_url: text("Where it takes spans, such as `http://localhost:9411/api/v2/spans`.", webAddress),
      sampling: section("Which traces are recorded.", { sampling_ratio: fractionOr(1, ofTraces) }),
    }),
    jaeger: later(
      section("Where Jaeger's agent was; see `tracing.provider`.", {
        local_agent_address: text("Where Jaeger's agent was.", hostAndPort),
        sampling: section("Which traces were recorded.", {
          server_url: text("Who was asked for that.", absoluteUrl),
          trace_id_ratio: fractionOr(1, "How many."),
        }),
      }),
    ),
  }),
});

const shortestIntervalMs = 1000;

/** Where metrics go. */
export const metrics = section(
  "Where metrics are sent, beside `/metrics/prometheus`. Changes take effect after a restart. Ostiary's own.",
  {
    otlp: optionalSection("A collector that speaks OTLP.", {
      server_url: required(text("Its host and port, such as `localhost:4318`, or a URL.", collector)),
      ...collectorKeys,
      interval: ruled(durationOr("60s", "How often they are sent."), (ms) =>
        ms < shortestIntervalMs ? "must be at least 1s" : undefined,
      ),
    }),
  },
);
