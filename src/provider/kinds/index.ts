import type { Provider, ProviderConfig } from "../provider.ts";

/** Makes what speaks to a provider of its configuration. */
export function createProvider(config: ProviderConfig): Provider {
  throw new Error(`Providers of the kind ${config.provider} are not built.`);
}
