import { createHmac } from "node:crypto";
import type { Config } from "../config/config.ts";
import { keyFor } from "../crypto/keys.ts";
import { constantTimeEqual } from "../crypto/token.ts";

const secretsOf = ({ secrets }: Config) => (secrets.default.length > 0 ? secrets.default : secrets.cookie);

const macBy = (key: string, type: string, secret: string) =>
  createHmac("sha256", keyFor(`known again ${type}`, key))
    .update(secret)
    .digest("hex");

/** The keyed hash by which a secret of a kind of credential is known again: eight letters could be guessed from a hash without a key. */
export const secretMac = (config: Config, type: string, secret: string): string =>
  macBy(secretsOf(config)[0]!, type, secret);

/** Makes the test whether a keyed hash is that of a secret, by any of the server's own; the time tells nothing. */
export function secretMatcher(config: Config, type: string, secret: string): (mac: string) => boolean {
  const candidates = secretsOf(config).map((key) => macBy(key, type, secret));
  return (mac) => candidates.map((candidate) => constantTimeEqual(candidate, mac)).includes(true);
}
