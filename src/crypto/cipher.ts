import { isUtf8 } from "node:buffer";
import type { Config } from "../config/config.ts";
import { openAes, sealAes } from "./aead.ts";
import { keyFor } from "./keys.ts";
import { openXChaCha, sealXChaCha } from "./xchacha.ts";

/** How values are sealed before they are stored. */
export type CipherAlgorithm = Config["ciphers"]["algorithm"];

const hexadecimal = /^(?:[0-9a-f]{2})*$/i;

/** Seals a value for the database, in hex as Kratos writes it: nonce, ciphertext, tag. The first secret seals. */
export function seal(plaintext: string, secrets: readonly string[], algorithm: CipherAlgorithm): string {
  if (algorithm === "noop") return Buffer.from(plaintext).toString("hex");
  if (secrets[0] === undefined) throw new Error(`The cipher "${algorithm}" needs a secret in secrets.cipher.`);
  const key = keyOf(secrets[0]);
  return (algorithm === "aes" ? sealAes(key, plaintext) : sealXChaCha(key, plaintext)).toString("hex");
}

/**
 * Opens what was sealed by any of the secrets and any of the algorithms, so that both can be changed under stored
 * values. Undefined when nothing fits.
 */
export function open(sealed: string, secrets: readonly string[]): string | undefined {
  if (!hexadecimal.test(sealed)) return undefined;
  const bytes = Buffer.from(sealed, "hex");
  for (const secret of secrets) {
    const key = keyOf(secret);
    const opened = openAes(key, bytes) ?? openXChaCha(key, bytes);
    if (opened !== undefined) return opened;
  }
  // What was sealed by a lost secret is no text, but for a chance that does not matter.
  return isUtf8(bytes) ? bytes.toString() : undefined;
}

/** The secrets that seal what is stored: those of the cipher, else the next best. */
export const sealingSecrets = ({ cipher, default: general, cookie }: Config["secrets"]): readonly string[] =>
  [cipher, general, cookie].find(({ length }) => length > 0) ?? [];

/** A secret of 32 bytes is the key itself, as in Kratos. */
function keyOf(secret: string): Buffer {
  const bytes = Buffer.from(secret);
  return bytes.length === 32 ? bytes : keyFor("cipher", secret).export();
}
