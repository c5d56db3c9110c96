import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";

/** Refuses what the provider of OAuth 2.0 that comes along alone can answer, where it is not the one. Throws METHOD_NOT_IMPLEMENTED. */
export function assertEmbedded({ config }: Context): void {
  if (config.oauth2_provider.mode !== "embedded")
    throw problem(ErrorReason.METHOD_NOT_IMPLEMENTED, {
      reason: "This server answers that where oauth2_provider.mode is embedded.",
    });
}
