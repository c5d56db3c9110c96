import { createHash } from "node:crypto";
import type { Config } from "./config.ts";

/** The operator's name for this configuration, else a fingerprint of all but its secrets. */
export function revisionOf(config: Config): string {
  if (config.revision) return config.revision;
  // A fingerprint of secrets would let a reader test guesses at them.
  const { secrets: _secrets, dsn: _dsn, courier: _courier, ...rest } = config;
  return createHash("sha256").update(JSON.stringify(rest, dropSecrets)).digest("hex");
}

const secretKeys = new Set(["client_secret", "apple_private_key", "password", "value", "headers", "base64"]);

const dropSecrets = (key: string, value: unknown): unknown => (secretKeys.has(key) ? undefined : value);
