import { createHmac } from "node:crypto";
import type { Context } from "../context.ts";
import { keyFor } from "../crypto/keys.ts";
import { alphanumerics, drawLetters, randomToken } from "../crypto/token.ts";

/** What a native client exchanges for its session. */
export interface ExchangeCodes {
  /** The code that the flow began with. */
  readonly initCode: string;
  /** The code that the browser has brought back. */
  readonly returnCode: string;
}

const codeLength = 64;

/** A new code for a native flow to begin with. */
export const newInitCode = (): string => randomToken(codeLength);

/** Draws letters that only whoever knows the secret can draw again. */
function derive(purpose: string, secret: string, from: string, length: number): string {
  const key = keyFor(purpose, secret);
  let block = 0;
  return drawLetters(alphanumerics, length, () => createHmac("sha512", key).update(`${block++}\0${from}`).digest());
}

/** Of which browser's way home a code is: whoever has brought one home knows none that comes later. */
export interface WayHome {
  /** SHA-256 of the code that the flow began with, in hex. */
  readonly initCodeHash: string;
  /** How often a browser has come home before. */
  readonly round: number;
}

/** The code that the browser brings back, as each of the server's secrets makes it, in their order: the newest first. */
export const returnCodes = ({ config }: Context, { initCodeHash, round }: WayHome): readonly string[] =>
  config.secrets.cookie.map((secret) => derive("return code", secret, `${initCodeHash}\0${round}`, codeLength));

/**
 * The token that a session gets by these codes, as each of the server's secrets makes it, in their order. It is the same
 * each time, and nobody has to store it until then; without the server's secret the codes are of no use later on.
 */
export const tokensBy = ({ config }: Context, { initCode, returnCode }: ExchangeCodes, sessionId: string) =>
  config.secrets.cookie.map(
    (secret) => `ory_st_${derive("exchanged session", secret, `${initCode}\0${returnCode}\0${sessionId}`, 32)}`,
  );
