import { forgetFactorGuesses, type GuessableFactor } from "../../throttle/second-factor-guess.ts";
import type { CredentialConfig, CredentialKind } from "./kind.ts";
import { refuse } from "./refuse.ts";

interface CodesImport {
  readonly codes: readonly { readonly code: string; readonly used_at?: string }[];
}

/** A backup code as it is stored. */
interface StoredCode {
  readonly code: string;
  /** By which it is known again without being opened. */
  readonly mac?: string;
  readonly used_at?: string | null;
}

const codesOf = (config: CredentialConfig): readonly StoredCode[] | undefined =>
  Array.isArray(config["recovery_codes"]) ? (config["recovery_codes"] as StoredCode[]) : undefined;

function withCodes(config: CredentialConfig, change: (entry: StoredCode) => StoredCode): CredentialConfig {
  const codes = codesOf(config);
  return codes ? { ...config, recovery_codes: codes.map(change) } : config;
}

/** Codes that were not used say so. */
const unused = ({ code, used_at = null }: StoredCode): StoredCode => ({ code, used_at });

/** How often backup codes may be guessed. */
export const lookupGuesses: GuessableFactor = {
  type: "lookup_secret",
  rate: { at_once: 5, per_hour: 5, in_a_row: 100 },
};

/** Backup codes. */
export const lookupSecret: CredentialKind<CodesImport> = {
  version: 0,
  second: {
    holds: ({ config }) => (codesOf(config) ?? []).length > 0,
    offered: (methods) => methods.lookup_secret.enabled,
  },
  guessable: lookupGuesses,
  secrets: {
    sealed: (config, { seal, mac }) =>
      withCodes(config, (entry) => ({ ...entry, code: seal(entry.code), mac: mac(entry.code) })),
    opened: (config, open) => withCodes(config, ({ mac: _, ...entry }) => ({ ...entry, code: open(entry.code) })),
  },
  importing: {
    store: ({ codes }, { identityId }) => ({
      identifiers: [identityId],
      config: { recovery_codes: codes.map(unused) },
    }),
  },
  judge: assertCodes,
  remove: () => undefined,
  changed: (tx, { identifiers: [identityId] }) =>
    identityId ? forgetFactorGuesses(tx, lookupGuesses, identityId) : Promise.resolve(),
};

/** Codes that are none would be met only when their owner uses one. */
function assertCodes(config: CredentialConfig): void {
  if (!codesOf(config)?.every(isCode)) throw refuse("The member recovery_codes must be a list of codes.");
}

const isCode = (entry: unknown): entry is StoredCode => {
  const { code, used_at: usedAt = null } = (entry ?? {}) as Record<string, unknown>;
  return (
    typeof code === "string" &&
    code !== "" &&
    (usedAt === null || (typeof usedAt === "string" && !Number.isNaN(Date.parse(usedAt))))
  );
};
