import { crc32 } from "node:zlib";
import { alphanumerics, randomToken, sha256Hex } from "../crypto/token.ts";

const prefix = "ost_";
/** So many letters and digits carry 256 bits. */
const length = 43;
const checkLength = 6;
const form = new RegExp(`^${prefix}[0-9A-Za-z]{${length + checkLength}}$`);

/** What people are shown of a secret, to tell keys apart. */
const hintLength = prefix.length + 5;

/** The secret of a key: nobody but who has created the key ever sees it. */
export interface KeySecret {
  readonly secret: string;
  readonly hash: string;
  readonly hint: string;
}

/**
 * A new secret: a prefix and a checksum, by which scanners for leaked secrets know it, around 256 random bits. As nobody can
 * guess those, a plain SHA-256 keeps them.
 */
export function newKeySecret(): KeySecret {
  const random = randomToken(length);
  const secret = prefix + random + checksum(random);
  return { secret, hash: sha256Hex(secret), hint: secret.slice(0, hintLength) };
}

/** Whether a text has the form of a secret, its checksum included: of all else no database need be asked. */
export const isKeySecret = (text: string): boolean =>
  form.test(text) && checksum(text.slice(prefix.length, -checkLength)) === text.slice(-checkLength);

/** Whether a text passes itself off as a secret. */
export const looksLikeKey = (text: string): boolean => text.startsWith(prefix);

function checksum(random: string): string {
  let rest = crc32(random);
  let text = "";
  for (let at = 0; at < checkLength; at++) {
    text = alphanumerics[rest % alphanumerics.length]! + text;
    rest = Math.floor(rest / alphanumerics.length);
  }
  return text;
}
