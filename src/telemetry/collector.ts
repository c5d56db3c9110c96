import type { CollectorConfig } from "../config/telemetry-config.ts";

/** What is sent to a collector. */
export type Signal = "traces" | "metrics";

/** How long an attempt to send may take, with all that is tried again. */
export const exportTimeoutMs = 5_000;

const addressOf = ({ server_url: written, insecure }: CollectorConfig): URL =>
  new URL(written.includes("://") ? written : `${insecure ? "http" : "https"}://${written}`);

/** Where a collector takes a signal over HTTP: below its address, at the path that OTLP has for it. */
function urlOf(collector: CollectorConfig, signal: Signal): string {
  const url = addressOf(collector);
  const path = `/v1/${signal}`;
  if (!url.pathname.endsWith(path)) url.pathname = url.pathname.replace(/\/*$/, path);
  return url.href;
}

/** What exporters of OTLP over HTTP are made with. */
export const overHttp = (collector: CollectorConfig, signal: Signal) => ({
  url: urlOf(collector, signal),
  timeoutMillis: exportTimeoutMs,
  ...(collector.authorization_header && { headers: { authorization: collector.authorization_header } }),
});

/** What exporters of OTLP over gRPC are made with. */
export async function overGrpc(collector: CollectorConfig) {
  const { credentials, Metadata } = await import("@grpc/grpc-js");
  const { origin, protocol } = addressOf(collector);
  const metadata = new Metadata();
  if (collector.authorization_header) metadata.set("authorization", collector.authorization_header);
  return {
    url: origin,
    timeoutMillis: exportTimeoutMs,
    credentials: protocol === "http:" ? credentials.createInsecure() : credentials.createSsl(),
    metadata,
  };
}
