import type { Context } from "../context.ts";
import type { Claims, ProviderConfig } from "./provider.ts";

/** What is known of an account already, where a mapper changes it. */
export interface MappedAccount {
  readonly traits: Readonly<Record<string, unknown>>;
  readonly metadata_public?: unknown;
  readonly metadata_admin?: unknown;
}

/** What a mapper makes of claims. */
export interface MappedIdentity {
  readonly traits: Record<string, unknown>;
  readonly metadata_public?: Record<string, unknown> | null;
  readonly metadata_admin?: Record<string, unknown> | null;
  /** Addresses that the provider has shown to be the person's. */
  readonly verified_addresses: readonly { readonly value: string; readonly via: "email" | "sms" }[];
  readonly region?: string;
}

/** Runs a provider's mapper over its claims. Throws a `ProviderFailure` of the step `jsonnet_run` that names the line. */
export async function mapClaims(
  _ctx: Context,
  provider: ProviderConfig,
  _claims: Claims,
  _account?: MappedAccount,
): Promise<MappedIdentity> {
  throw new Error(`The mapper of ${provider.id} cannot be run.`);
}
