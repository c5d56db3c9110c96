import type { Config } from "../config/config.ts";
import { open, seal } from "../crypto/cipher.ts";
import { ErrorReason, problem } from "../errors.ts";

type CredentialConfig = Record<string, unknown>;
type Transform = (secret: string) => string;

const mark = "sealed:";

/** Seals what a method has to read back and a thief of the database must not: TOTP keys and backup codes. */
export function sealConfig({ secrets, ciphers }: Config, type: string, config: CredentialConfig): CredentialConfig {
  return transform(type, config, (secret) => {
    const keys = sealingSecrets(secrets);
    if (keys.length === 0) throw problem(ErrorReason.MISCONFIGURED, { reason: `A credential of the type ${type} cannot be stored without secrets.cipher.` });
    // `noop` spares tokens of providers the cipher; what signs in on its own is never left clear.
    return mark + seal(secret, keys, ciphers.algorithm === "noop" ? "aes" : ciphers.algorithm);
  });
}

/** The opposite of `sealConfig`. What was stored unsealed is given back as it is. */
export function openConfig({ secrets }: Config, type: string, config: CredentialConfig): CredentialConfig {
  return transform(type, config, (stored) => {
    if (!stored.startsWith(mark)) return stored;
    const secret = open(stored.slice(mark.length), sealingSecrets(secrets));
    if (secret === undefined) throw problem(ErrorReason.MISCONFIGURED, { reason: `None of secrets.cipher opens a credential of the type ${type}.` });
    return secret;
  });
}

const sealingSecrets = ({ cipher, default: general }: Config["secrets"]) => (cipher.length > 0 ? cipher : general);

function transform(type: string, config: CredentialConfig, change: Transform): CredentialConfig {
  const { totp_url: url, recovery_codes: codes } = config;
  if (type === "totp" && typeof url === "string") return { ...config, totp_url: change(url) };
  if (type !== "lookup_secret" || !Array.isArray(codes)) return config;
  const changed = (codes as { code: string }[]).map((entry) => ({ ...entry, code: change(entry.code) }));
  return { ...config, recovery_codes: changed };
}
