import type { Context } from "../context.ts";
import { openKept, sealKept } from "../tenant/seal-kept.ts";
import type { ProviderSecrets } from "./written-provider.ts";

/** Seals the secrets of a provider for the database, as one document; null where it has none. */
export const sealProviderSecrets = (ctx: Context, secrets: ProviderSecrets): string | null =>
  Object.keys(secrets).length === 0 ? null : sealKept(ctx, JSON.stringify(secrets));

/** The opposite; undefined where they were sealed by a secret that this server does not have. */
export const openProviderSecrets = (ctx: Pick<Context, "config">, sealed: string | null): ProviderSecrets | undefined =>
  sealed === null ? {} : openKept<ProviderSecrets>(ctx, sealed);
