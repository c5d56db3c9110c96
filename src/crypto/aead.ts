import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { CipherKey } from "node:crypto";

const tagBytes = 16;

/** A cipher that hides and authenticates, as node:crypto calls it. */
export type AeadName = "aes-256-gcm" | "chacha20-poly1305";

/** Encrypts with a given nonce; the tag follows the ciphertext. */
export function encrypt(name: AeadName, key: CipherKey, nonce: Buffer, plaintext: string): Buffer {
  const cipher = createCipheriv(name as "aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  return Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** The opposite of `encrypt`; undefined when the key does not fit or a bit was changed. */
export function decrypt(name: AeadName, key: CipherKey, nonce: Buffer, sealed: Buffer): string | undefined {
  if (sealed.length < tagBytes) return undefined;
  const decipher = createDecipheriv(name as "aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const opened = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    return Buffer.concat([opened, decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

const nonceBytes = 12;

/** AES-256-GCM under a fresh nonce: nonce, ciphertext, tag. */
export function sealAes(key: CipherKey, plaintext: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  return Buffer.concat([nonce, encrypt("aes-256-gcm", key, nonce, plaintext)]);
}

/** The opposite of `sealAes`. */
export const openAes = (key: CipherKey, sealed: Buffer): string | undefined =>
  sealed.length < nonceBytes + tagBytes
    ? undefined
    : decrypt("aes-256-gcm", key, sealed.subarray(0, nonceBytes), sealed.subarray(nonceBytes));

/** Decodes base64url without padding; undefined for any other spelling of the same bytes, so that a seal has one form. */
export function fromBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}
