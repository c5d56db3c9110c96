import type { Config } from "../config/config.ts";
import { open, seal, sealingSecrets } from "../crypto/cipher.ts";
import { ErrorReason, problem } from "../errors.ts";
import { kindOf } from "./kinds/index.ts";
import type { CredentialConfig } from "./kinds/kind.ts";
import { secretMac } from "./secret-mac.ts";

const mark = "sealed:";

/** Seals what a method has to read back and a thief of the database must not. */
export const sealConfig = (config: Config, type: string, credential: CredentialConfig): CredentialConfig =>
  kindOf(type).secrets?.sealed(credential, {
    seal: (secret) => sealSecret(config, type, secret),
    isSealed,
    mac: (secret) => secretMac(config, type, secret),
  }) ?? credential;

/** The opposite of `sealConfig`. What was stored unsealed is given back as it is. */
export const openConfig = (config: Config, type: string, credential: CredentialConfig): CredentialConfig =>
  kindOf(type).secrets?.opened(credential, (stored) => openSecret(config, type, stored)) ?? credential;

/** Whether this has been sealed already. */
export const isSealed = (stored: string): boolean => stored.startsWith(mark);

/** Seals one secret of a credential. */
export function sealSecret({ secrets, ciphers }: Config, type: string, secret: string): string {
  const keys = sealingSecrets(secrets);
  if (keys.length === 0)
    throw problem(ErrorReason.MISCONFIGURED, {
      reason: `A credential of type ${type} cannot be stored without secrets.cipher.`,
    });
  // What signs in on its own, here or at a provider, is never left clear, as `noop` of Kratos would.
  return mark + seal(secret, keys, ciphers.algorithm === "noop" ? "aes" : ciphers.algorithm);
}

/** The opposite of `sealSecret`. */
export function openSecret({ secrets }: Config, type: string, stored: string): string {
  if (!isSealed(stored)) return stored;
  const secret = open(stored.slice(mark.length), sealingSecrets(secrets));
  if (secret === undefined)
    throw problem(ErrorReason.MISCONFIGURED, {
      reason: `No secret in secrets.cipher decrypts a credential of type ${type}.`,
    });
  return secret;
}
