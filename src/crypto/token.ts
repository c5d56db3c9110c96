import { createHash, hash, randomBytes, timingSafeEqual } from "node:crypto";

/** The letters and digits that tokens are made of. */
export const alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Turns random bytes into letters of an alphabet, each as likely as every other; may ask for bytes more than once. */
export function drawLetters(letters: string, length: number, nextBytes: () => Uint8Array): string {
  // Bytes beyond the last whole multiple would favour the first letters.
  const limit = 256 - (256 % letters.length);
  let text = "";
  while (text.length < length)
    for (const byte of nextBytes()) {
      if (byte < limit && text.length < length) text += letters[byte % letters.length];
    }
  return text;
}

const draw = (letters: string, length: number) => drawLetters(letters, length, () => randomBytes(length + 16));

/** A random text of letters and digits; 32 of them carry 190 bits. */
export const randomToken = (length = 32): string => draw(alphanumerics, length);

/** Random digits, as of a code that is typed. */
export const randomDigits = (length: number): string => draw("0123456789", length);

/** A new session token. */
export const sessionToken = (): string => `ory_st_${randomToken()}`;

/** SHA-256 in hex. */
export const sha256Hex = (text: string): string => hash("sha256", text, "hex");

/** Compares two texts in a time that tells nothing of where they differ. */
export function constantTimeEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
