import { createHmac } from "node:crypto";
import { keyFor } from "./keys.ts";
import { alphanumerics, constantTimeEqual, drawLetters } from "./token.ts";

/** A keyed hash of a message as letters and digits: a token that need not be stored to be known again. */
export function macToken(purpose: string, message: string, secret: string, length = 32): string {
  const key = keyFor(`mac ${purpose}`, secret);
  let block = 0;
  return drawLetters(alphanumerics, length, () => createHmac("sha512", key).update(`${block++}\0${message}`).digest());
}

/** Whether a token is the keyed hash of a message, by any of the secrets. */
export function verifyMacToken(
  purpose: string,
  message: string,
  token: string,
  secrets: readonly string[],
  length = 32,
): boolean {
  // Every secret is tried, so that the time does not tell which one fits.
  return secrets.map((secret) => constantTimeEqual(macToken(purpose, message, secret, length), token)).includes(true);
}
