import type { Config } from "../../config/config.ts";
import { passwordBytes } from "../../crypto/hash.ts";
import type { Log } from "../../log.ts";
import { countBreaches } from "./breached.ts";
import { isCommonPassword } from "./common-passwords.ts";
import { isSimilar } from "./similarity.ts";

type PasswordConfig = Config["selfservice"]["methods"]["password"]["config"];

/** Why a password is not taken. */
export type PolicyViolation =
  | { readonly kind: "too_short"; readonly min_length: number; readonly actual_length: number }
  | { readonly kind: "too_long"; readonly max_length: number; readonly actual_length: number }
  | { readonly kind: "too_similar" }
  | { readonly kind: "breached"; readonly breaches: number }
  | { readonly kind: "common" }
  | { readonly kind: "lookup_failed" };

/** What a password is judged by. */
export interface PolicyCheck {
  /** The names under which its owner signs in. */
  readonly identifiers: readonly string[];
  readonly config: Pick<
    PasswordConfig,
    | "haveibeenpwned_host"
    | "haveibeenpwned_enabled"
    | "max_breaches"
    | "ignore_network_errors"
    | "min_password_length"
    | "identifier_similarity_check_enabled"
  >;
  /** The most bytes that the hash algorithm takes. */
  readonly maxBytes?: number;
  readonly fetch: typeof globalThis.fetch;
  readonly log: Log;
  readonly now?: () => Date;
}

/** The first rule that a new password breaks, or undefined when it is a good one. */
export async function checkPassword(password: string, check: PolicyCheck): Promise<PolicyViolation | undefined> {
  const { identifiers, config } = check;
  const wrongLength = checkLength(password, check);
  if (wrongLength) return wrongLength;
  if (config.identifier_similarity_check_enabled && identifiers.some((identifier) => isSimilar(password, identifier)))
    return { kind: "too_similar" };
  // The list of breaches is asked first, because its answer says more.
  const looked = config.haveibeenpwned_enabled ? await checkBreaches(password, check) : undefined;
  if (looked?.kind === "breached") return looked;
  return (await isCommonPassword(password)) ? { kind: "common" } : looked;
}

function checkLength(password: string, { config, maxBytes = Infinity }: PolicyCheck): PolicyViolation | undefined {
  // NIST SP 800-63B: each code point counts as one character.
  const characters = [...password].length;
  if (characters < config.min_password_length)
    return { kind: "too_short", min_length: config.min_password_length, actual_length: characters };
  const bytes = passwordBytes(password);
  return bytes > maxBytes ? { kind: "too_long", max_length: maxBytes, actual_length: bytes } : undefined;
}

async function checkBreaches(password: string, check: PolicyCheck): Promise<PolicyViolation | undefined> {
  const { config, fetch, log, now = () => new Date() } = check;
  const host = config.haveibeenpwned_host;
  try {
    const breaches = await countBreaches(password, { host, fetch, nowMs: now().getTime() });
    return breaches > config.max_breaches ? { kind: "breached", breaches } : undefined;
  } catch (error) {
    // `fetch` says itself only that it failed.
    const reason = String((error as Error).cause ?? error);
    log.warn("password.breach_lookup_failed", { host, reason, ignored: config.ignore_network_errors });
    return config.ignore_network_errors ? undefined : { kind: "lookup_failed" };
  }
}
