import type { Config } from "../config/config.ts";
import { open, seal, sealingSecrets } from "../crypto/cipher.ts";
import { ErrorReason, problem } from "../errors.ts";
import { lookupMac } from "./lookup-mac.ts";

type CredentialConfig = Record<string, unknown>;

/** A backup code as it is stored. */
interface StoredCode {
  readonly code: string;
  /** By which it is known again without being opened. */
  readonly mac?: string;
  readonly used_at?: string | null;
}

const mark = "sealed:";

/** Seals what a method has to read back and a thief of the database must not: TOTP keys and backup codes. */
export function sealConfig(config: Config, type: string, credential: CredentialConfig): CredentialConfig {
  const { totp_url: url } = credential;
  if (type === "totp" && typeof url === "string") return { ...credential, totp_url: sealed(config, type, url) };
  return withCodes(type, credential, (entry) => ({
    ...entry,
    code: sealed(config, type, entry.code),
    mac: lookupMac(config, entry.code),
  }));
}

/** The opposite of `sealConfig`. What was stored unsealed is given back as it is. */
export function openConfig(config: Config, type: string, credential: CredentialConfig): CredentialConfig {
  const { totp_url: url } = credential;
  if (type === "totp" && typeof url === "string") return { ...credential, totp_url: opened(config, type, url) };
  return withCodes(type, credential, ({ mac: _, ...entry }) => ({ ...entry, code: opened(config, type, entry.code) }));
}

function withCodes(type: string, credential: CredentialConfig, change: (entry: StoredCode) => StoredCode): CredentialConfig {
  const { recovery_codes: codes } = credential;
  if (type !== "lookup_secret" || !Array.isArray(codes)) return credential;
  return { ...credential, recovery_codes: (codes as StoredCode[]).map(change) };
}

function sealed({ secrets, ciphers }: Config, type: string, secret: string): string {
  const keys = sealingSecrets(secrets);
  if (keys.length === 0) throw problem(ErrorReason.MISCONFIGURED, { reason: `A credential of the type ${type} cannot be stored without secrets.cipher.` });
  // `noop` spares tokens of providers the cipher; what signs in on its own is never left clear.
  return mark + seal(secret, keys, ciphers.algorithm === "noop" ? "aes" : ciphers.algorithm);
}

function opened({ secrets }: Config, type: string, stored: string): string {
  if (!stored.startsWith(mark)) return stored;
  const secret = open(stored.slice(mark.length), sealingSecrets(secrets));
  if (secret === undefined) throw problem(ErrorReason.MISCONFIGURED, { reason: `None of secrets.cipher opens a credential of the type ${type}.` });
  return secret;
}
