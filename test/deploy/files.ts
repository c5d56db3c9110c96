import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readConfig } from "../../src/config/load.ts";
import type { Json } from "../support/client.ts";

/** The repository. */
export const root = join(import.meta.dirname, "..", "..");

export const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** A document in YAML or JSON, with what it merges into its parts. */
export const treeOf = (file: string): Json => parse(textOf(file), { merge: true }) as Json;

const secret = "0123456789abcdef0123456789abcdef";

/** What is wrong with a configuration, judged as a server does, with the secrets that it would find in its environment. */
export function faultsOf(file: string): readonly string[] {
  const environment = {
    DSN: "postgres://u:p@postgres/ostiary",
    SECRETS_DEFAULT: secret,
    SECRETS_COOKIE: secret,
    SECRETS_CIPHER: secret,
  };
  const reading = readConfig({ files: [file], environment, flags: {}, spareSecret: "spare" });
  return reading.kind === "refused" ? reading.faults : [...reading.warnings, ...reading.deprecated];
}
