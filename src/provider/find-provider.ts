import type { Context } from "../context.ts";
import { createProvider } from "./kinds/index.ts";
import type { Provider, ProviderConfig } from "./provider.ts";
import { storedProviders } from "./stored-providers.ts";

/**
 * The providers that are configured, in the order of their buttons: those of the file, then those that are kept in the
 * database. One that is kept by the id of one of the file takes its place. Each is the same object until it changes.
 */
export async function configuredProviders(ctx: Context): Promise<readonly ProviderConfig[]> {
  const { enabled, config } = ctx.config.selfservice.methods.oidc;
  return enabled ? merged(config.providers, await storedProviders(ctx)) : [];
}

/** The provider of this id; undefined where there is none. */
export async function findProvider(ctx: Context, id: string): Promise<Provider | undefined> {
  const found = (await configuredProviders(ctx)).find((provider) => provider.id === id);
  return found && createProvider(found);
}

type Providers = readonly ProviderConfig[];

const merges = new WeakMap<Providers, { readonly stored: Providers; readonly all: Providers }>();

function merged(file: Providers, stored: Providers): Providers {
  let merge = merges.get(file);
  if (merge?.stored !== stored) merges.set(file, (merge = { stored, all: mergeProviders(file, stored) }));
  return merge.all;
}

/** Of several that have one id in the file, the first one counts. */
function mergeProviders(file: Providers, stored: Providers): Providers {
  const byId = new Map<string, ProviderConfig>();
  for (const provider of file) if (!byId.has(provider.id)) byId.set(provider.id, provider);
  for (const provider of stored) byId.set(provider.id, provider);
  return [...byId.values()];
}
