import { createHmac } from "node:crypto";
import type { Config } from "../config/config.ts";
import { keyFor } from "../crypto/keys.ts";
import { constantTimeEqual, randomDigits, randomToken } from "../crypto/token.ts";
import type { CodePurpose } from "./entities.ts";

/** What a code is bound to. */
export interface CodeBinding {
  readonly flowId: string;
  readonly purpose: CodePurpose;
  readonly via: "email" | "sms";
  readonly address: string;
}

/** Whom a code is for. What an administrator hands over goes to no address, but is for an account. */
export interface Addressee extends Pick<CodeBinding, "via" | "address"> {
  readonly identityId?: string | null;
}

/** By what guesses at the codes of an addressee are counted. */
export const addresseeOf = ({ via, address, identityId }: Addressee): string => `${via} ${address || identityId}`;

/** Digits to be typed, or the token of a link. */
export type CodeKind = "digits" | "token";

/** How long a code is as a rule: it could be guessed, were guesses not counted. */
export const shortLength = 6;
/** How long a code is that nobody can guess, counted or not. */
export const longLength = 12;

/** A new secret of a kind: every one as likely as every other. */
export const drawSecret = (kind: CodeKind, length: number): string =>
  kind === "digits" ? randomDigits(length) : randomToken();

const secretsOf = ({ secrets }: Config) => (secrets.default.length > 0 ? secrets.default : secrets.cookie);

function hashBy(key: string, { flowId, purpose, via, address }: CodeBinding, secret: string): string {
  const message = [flowId, purpose, via, address, secret].join("\0");
  return createHmac("sha256", keyFor("one-time code", key)).update(message).digest("hex");
}

/** The hash under which a secret is stored: by the newest key. Six digits could be guessed from a hash without one. */
export const hashSecret = (config: Config, binding: CodeBinding, secret: string): string =>
  hashBy(secretsOf(config)[0]!, binding, secret);

/** Whether a secret is the one that was stored, by any of the keys; the time tells nothing. */
export const isSecret = (config: Config, binding: CodeBinding, secret: string, stored: string): boolean =>
  secretsOf(config)
    .map((key) => constantTimeEqual(hashBy(key, binding, secret), stored))
    .includes(true);
