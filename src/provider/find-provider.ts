import type { Context } from "../context.ts";
import { createProvider } from "./kinds/index.ts";
import type { Provider, ProviderConfig } from "./provider.ts";

/** The providers that are configured, in the order of their buttons. */
export async function configuredProviders({ config }: Context): Promise<readonly ProviderConfig[]> {
  const { enabled, config: method } = config.selfservice.methods.oidc;
  return enabled ? method.providers : [];
}

/** The provider of this id; undefined where there is none. */
export async function findProvider(ctx: Context, id: string): Promise<Provider | undefined> {
  const found = (await configuredProviders(ctx)).find((provider) => provider.id === id);
  return found && createProvider(found);
}
