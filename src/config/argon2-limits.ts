import { availableParallelism } from "node:os";
import type { HashersConfig } from "./config.ts";

/** How passwords are hashed, as it is written. */
export type WrittenHashers = Omit<HashersConfig, "argon2"> & { readonly argon2: Omit<HashersConfig["argon2"], "parallelism"> & { readonly parallelism?: number | undefined } };

/** Argon2 needs 8 KiB for each lane (RFC 9106, 3.1). */
const leastPerLane = 8 * 1024;

/** What Argon2 is computed with: two lanes per core where none are said, and as much memory as it needs at least. */
export function settleArgon2({ argon2 }: WrittenHashers): HashersConfig["argon2"] {
  const parallelism = argon2.parallelism ?? availableParallelism() * 2;
  return { ...argon2, parallelism, memory: Math.max(argon2.memory, parallelism * leastPerLane) };
}

/** What is to be said of that, where it is not what was written. */
export function argon2Remark(hashers: WrittenHashers): string | undefined {
  const { memory, parallelism } = settleArgon2(hashers);
  if (memory === hashers.argon2.memory) return undefined;
  return `is less than Argon2 can do with: ${memory / 1024}KB is used, 8KB for each of ${parallelism} lanes`;
}
