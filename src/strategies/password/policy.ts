import type { Config } from "../../config/config.ts";
import type { Log } from "../../log.ts";
import { countBreaches } from "./breached.ts";
import { isCommon } from "./common-passwords.ts";
import { tooSimilar } from "./similarity.ts";

/** Why a password will not do. */
export type PolicyViolation =
  | { readonly kind: "too_short"; readonly min_length: number; readonly actual_length: number }
  | { readonly kind: "too_long"; readonly max_length: number; readonly actual_length: number }
  | { readonly kind: "breached"; readonly breaches: number }
  | { readonly kind: "too_similar" | "common" | "lookup_failed" };

/** What a password is held against. */
export interface PolicyOptions {
  readonly identifiers: readonly string[];
  readonly config: Config["selfservice"]["methods"]["password"]["config"];
  /** How many bytes the hash takes in. */
  readonly maxBytes?: number | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly log: Log;
}

/** Judges a new password by length, by likeness to what is known of its owner, and by what attackers try first. */
export async function checkPassword(password: string, options: PolicyOptions): Promise<PolicyViolation | undefined> {
  const { config, identifiers, maxBytes } = options;
  // Code points: a person counts letters, not the units that encode them.
  const actual_length = [...password].length;
  if (actual_length < config.min_password_length)
    return { kind: "too_short", min_length: config.min_password_length, actual_length };
  const bytes = Buffer.byteLength(password);
  if (maxBytes !== undefined && bytes > maxBytes)
    return { kind: "too_long", max_length: maxBytes, actual_length: bytes };
  if (config.identifier_similarity_check_enabled && identifiers.some((identifier) => tooSimilar(password, identifier)))
    return { kind: "too_similar" };
  if (await isCommon(password)) return { kind: "common" };
  return config.haveibeenpwned_enabled ? lookUp(password, options) : undefined;
}

async function lookUp(password: string, { config, fetch, log }: PolicyOptions): Promise<PolicyViolation | undefined> {
  try {
    const breaches = await countBreaches(password, config.haveibeenpwned_host, fetch);
    return breaches > config.max_breaches ? { kind: "breached", breaches } : undefined;
  } catch (error) {
    log.warn("breach look-up failed", { host: config.haveibeenpwned_host, error: String(error) });
    return config.ignore_network_errors ? undefined : { kind: "lookup_failed" };
  }
}
