import type { Config } from "./config.ts";

/** Which traces are recorded, and where they go. */
export type TracingConfig = NonNullable<Config["tracing"]>;

/** A collector that speaks OTLP. */
export type CollectorConfig = Pick<
  NonNullable<Config["metrics"]["otlp"]>,
  "insecure" | "protocol" | "authorization_header"
> & { readonly server_url: string };
