import { resourceFromAttributes } from "@opentelemetry/resources";
import type { Resource } from "@opentelemetry/resources";
import type { Config } from "../config/config.ts";
import { serverInstance } from "../peers.ts";
import { serverVersion } from "../version.ts";

/** Who sends traces and metrics. The workers of a server are one instance. */
export function resourceOf({ tracing }: Pick<Config, "tracing">): Resource {
  const environment = tracing?.deployment_environment;
  return resourceFromAttributes({
    "service.name": tracing?.service_name ?? "ostiary",
    "service.version": serverVersion(),
    "service.instance.id": serverInstance.id,
    ...(environment && { "deployment.environment.name": environment }),
  });
}
