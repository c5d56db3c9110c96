import type { Log } from "../log.ts";
import { errorMessage } from "../text/error-message.ts";
import type { OutboundContext } from "./http.ts";
import { createProvider } from "./kinds/index.ts";
import type { ProviderConfig } from "./provider.ts";

/**
 * Tells the log of providers of the file that do not answer, or whose keys cannot be had. A server starts without them:
 * they may be up again soon, and are asked anew whenever somebody signs in.
 */
export async function logUnreachable(ctx: OutboundContext, log: Log): Promise<void> {
  const { enabled, config } = ctx.config.selfservice.methods.oidc;
  if (!enabled) return;
  await Promise.all(config.providers.map((provider) => logIfUnreachable(ctx, provider, log)));
}

async function logIfUnreachable(ctx: OutboundContext, provider: ProviderConfig, log: Log): Promise<void> {
  try {
    const { examine } = await createProvider(provider);
    await examine?.(ctx);
  } catch (error) {
    log.warn("a provider cannot be reached; it is tried again at each sign-in", {
      provider: provider.id,
      reason: errorMessage(error),
    });
  }
}
