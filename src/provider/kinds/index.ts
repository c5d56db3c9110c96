import type { Provider, ProviderConfig } from "../provider.ts";
import { generic } from "./generic.ts";

const kinds: { readonly [K in ProviderConfig["provider"]]?: (config: ProviderConfig) => Provider } = { generic };

/** Makes what speaks to a provider of its configuration. */
export function createProvider(config: ProviderConfig): Provider {
  const create = kinds[config.provider];
  if (!create) throw new Error(`Providers of the kind ${config.provider} are not built.`);
  return create(config);
}
