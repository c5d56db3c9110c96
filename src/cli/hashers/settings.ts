import { settleArgon2 } from "../../config/argon2-limits.ts";
import { parseMemorySize } from "../../config/memory-size.ts";
import { readPart } from "../../config/part.ts";
import type { Written } from "../../config/schema.ts";
import { hashers } from "../../config/schema/secrets.ts";
import { argon2Hash } from "../../crypto/hash.ts";
import type { CommandCall, Option } from "../command.ts";
import { configFiles, configOption } from "../config-files.ts";
import type { Columns } from "../output/table.ts";
import { duration, wholeNumber } from "../values.ts";

/** How passwords are hashed by Argon2, and how long that should take: as `hashers.argon2` of a configuration says it. */
export type Argon2Settings = ReturnType<typeof settleArgon2>;

/** Reads a size such as 128MB; answers with bytes. */
export function memorySize(typed: string): number {
  const bytes = parseMemorySize(typed.toUpperCase());
  if (!bytes) throw new Error("must be a size such as 128MB.");
  return bytes;
}

const costs: readonly Option[] = [
  { name: "memory", value: "size", summary: "Memory for each hash.", read: memorySize },
  { name: "iterations", value: "count", summary: "Passes over the memory.", read: wholeNumber(1) },
];

/** The flags for what stays the same while costs are looked for. */
export const constantOptions: readonly Option[] = [
  configOption,
  { name: "parallelism", value: "lanes", summary: "Lanes. Default: two for each core.", read: wholeNumber(1, 255) },
  { name: "salt-length", value: "bytes", summary: "Bytes of salt.", read: wholeNumber(16, 1024) },
  { name: "key-length", value: "bytes", summary: "Bytes of hash.", read: wholeNumber(16, 1024) },
  { name: "min-duration", value: "duration", summary: "How long a hash should take at least.", read: duration },
  { name: "expected-deviation", value: "duration", summary: "How much longer it may take.", read: duration },
  {
    name: "dedicated-memory",
    value: "size",
    summary: "Memory for all hashes at a time.",
    read: memorySize,
  },
];

/** The flags that say how passwords are hashed. What none of them says is as configured. */
export const settingOptions: readonly Option[] = [...costs, ...constantOptions];

const keys: Readonly<Record<string, keyof Argon2Settings>> = {
  memory: "memory",
  iterations: "iterations",
  parallelism: "parallelism",
  "salt-length": "salt_length",
  "key-length": "key_length",
  "min-duration": "expected_duration",
  "expected-deviation": "expected_deviation",
  "dedicated-memory": "dedicated_memory",
};

/** How passwords are hashed: as flags say, else the environment, the files and the defaults. */
export function settingsOf(call: CommandCall): Argon2Settings {
  const sources = { files: configFiles(call), environment: call.environment, flags: {} };
  const configured = readPart<Pick<Written, "hashers">>({ hashers }, sources).hashers;
  const flags = Object.fromEntries(
    Object.entries(keys).flatMap(([flag, key]) => (call.flags[flag] === undefined ? [] : [[key, call.flags[flag]]])),
  );
  return settleArgon2({ ...configured, argon2: { ...configured.argon2, ...flags } });
}

/** Hashes a password, and tells how long that took, in milliseconds. */
export async function timeHash(settings: Argon2Settings, password = "correct horse battery"): Promise<Hashed> {
  const began = performance.now();
  const hash = await argon2Hash(Buffer.from(password.normalize("NFKC")), settings);
  return { hash, ms: performance.now() - began };
}

/** A password's hash, and how long it took to make it. */
export interface Hashed {
  readonly hash: string;
  readonly ms: number;
}

const mebi = 1024 * 1024;

/** A size as a configuration has it. */
export const sizeOf = (bytes: number): string =>
  bytes % mebi === 0 ? `${bytes / mebi}MB` : `${Math.floor(bytes / 1024)}KB`;

/** A duration as a configuration has it. */
export const msOf = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)}ms`;

/** The settings in the notation of a configuration, as `hashers.argon2` takes them. */
export const written = (settings: Argon2Settings) => ({
  memory: sizeOf(settings.memory),
  iterations: settings.iterations,
  parallelism: settings.parallelism,
  salt_length: settings.salt_length,
  key_length: settings.key_length,
  expected_duration: `${Math.round(settings.expected_duration)}ms`,
  expected_deviation: `${Math.round(settings.expected_deviation)}ms`,
  dedicated_memory: sizeOf(settings.dedicated_memory),
});

/** What a table tells of settings. */
export const settingColumns: Columns<Argon2Settings> = Object.fromEntries(
  (
    [
      "memory",
      "iterations",
      "parallelism",
      "salt_length",
      "key_length",
      "expected_duration",
      "expected_deviation",
      "dedicated_memory",
    ] as const
  ).map((key) => [key.replaceAll("_", " ").toUpperCase(), (settings: Argon2Settings) => written(settings)[key]]),
);
