import type { Context } from "../context.ts";
import { errorMessage } from "../text/error-message.ts";
import { faultOfMapper } from "./check-mappers.ts";
import { createProvider } from "./kinds/index.ts";
import { faultsOfKeys, faultsOfSettings } from "./misconfigurations.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { ProviderConfig } from "./provider.ts";
import type { WrittenProvider } from "./written-provider.ts";

/** What came of trying one side of a provider. */
export interface Finding {
  readonly aspect: "settings" | "keys" | "mapper" | "discovery";
  /** What is wrong; left out where nothing is. */
  readonly fault?: string;
}

/** Tries a provider as far as that shows without anybody signing in. */
export async function examineProvider(
  ctx: Context,
  provider: ProviderConfig,
  written: WrittenProvider,
): Promise<readonly Finding[]> {
  const [settings, keys] = [faultsOfSettings(provider, written), faultsOfKeys(provider)];
  // By settings that are wrong in themselves nothing is asked for that means anything.
  const sound = settings.length + keys.length === 0;
  const [mapper, discovery] = await Promise.all([
    faultOfMapper(ctx.config, provider),
    sound ? faultOfDiscovery(ctx, provider) : undefined,
  ]);
  return [
    finding("settings", settings),
    finding("keys", keys),
    finding("mapper", mapper),
    ...(discovery ? [finding("discovery", discovery)] : []),
  ];
}

const finding = (aspect: Finding["aspect"], faults: readonly string[]): Finding => ({
  aspect,
  ...(faults.length && { fault: faults.join(" ") }),
});

async function faultOfDiscovery(ctx: Context, provider: ProviderConfig): Promise<string[]> {
  try {
    const { examine } = await createProvider(provider);
    await examine?.(ctx);
    return [];
  } catch (error) {
    if (error instanceof ProviderFailure) return [errorMessage(error)];
    throw error;
  }
}
