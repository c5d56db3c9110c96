import { availableParallelism } from "node:os";
import type { Written } from "./schema.ts";

/** Argon2 needs 8 KiB for each lane (RFC 9106, 3.1). */
const leastPerLane = 8 * 1024;

/** What Argon2 is computed with: two lanes per core where none are said, and as much memory as it needs at least. */
export function settleArgon2({ argon2 }: Written["hashers"]): Required<Written["hashers"]["argon2"]> {
  const parallelism = argon2.parallelism ?? availableParallelism() * 2;
  return { ...argon2, parallelism, memory: Math.max(argon2.memory, parallelism * leastPerLane) };
}

/** What is to be said of that, where it is not what was written. */
export function argon2Remark(hashers: Written["hashers"]): string | undefined {
  const { memory, parallelism } = settleArgon2(hashers);
  if (memory === hashers.argon2.memory) return undefined;
  return `is less than Argon2 can do with: ${memory / 1024}KB is used, 8KB for each of ${parallelism} lanes`;
}
