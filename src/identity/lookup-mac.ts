import { createHmac } from "node:crypto";
import type { Config } from "../config/config.ts";
import { keyFor } from "../crypto/keys.ts";
import { constantTimeEqual } from "../crypto/token.ts";

const secretsOf = ({ secrets }: Config) => (secrets.default.length > 0 ? secrets.default : secrets.cookie);

const macBy = (secret: string, code: string) => createHmac("sha256", keyFor("backup code", secret)).update(code).digest("hex");

/** The keyed hash by which a backup code is known again: eight letters could be guessed from a hash without a key. */
export const lookupMac = (config: Config, code: string): string => macBy(secretsOf(config)[0]!, code);

/** Makes the test whether a keyed hash is that of a code, by any of the secrets; the time tells nothing. */
export function lookupMatcher(config: Config, code: string): (mac: string) => boolean {
  const candidates = secretsOf(config).map((secret) => macBy(secret, code));
  return (mac) => candidates.map((candidate) => constantTimeEqual(candidate, mac)).includes(true);
}
