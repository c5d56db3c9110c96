import type { Config } from "../config/config.ts";
import { linkBase } from "../courier/link-base.ts";
import { randomToken, sha256Hex } from "../crypto/token.ts";

/** What stands in a link, and what is stored of it. */
export interface InvitationToken {
  readonly token: string;
  readonly hash: string;
}

// 285 bits: it is found by its hash, without a key that could be changed meanwhile, and nobody can guess it.
const length = 48;

/** A new token. */
export function newToken(): InvitationToken {
  const token = randomToken(length);
  return { token, hash: hashOf(token) };
}

/** What is stored of a token. */
export const hashOf = (token: string): string => sha256Hex(token);

/** Where people accept an invitation in a browser, absolute. */
export function invitationUrl(config: Config, token: string): string {
  const url = signUpUrl(config);
  url.searchParams.set("invitation", token);
  return url.href;
}

/** Where people sign up in a browser. */
export const signUpUrl = (config: Config): URL => new URL("self-service/registration/browser", linkBase(config));
