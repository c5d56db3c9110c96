import { promisify } from "node:util";

/** What an Argon2 digest is computed with. */
export interface Argon2Parameters {
  readonly variant: "argon2id" | "argon2i";
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
  readonly keyLength: number;
}

/** Computes the raw Argon2 digest (RFC 9106, version 19) of a password. */
export type Argon2 = (password: Buffer, salt: Buffer, parameters: Argon2Parameters) => Promise<Buffer>;

const variants = { argon2i: 1, argon2id: 2 } as const;

/** Argon2 by the package with prebuilt binaries for most platforms. */
export async function loadPrebuiltArgon2(): Promise<Argon2> {
  const { hashRaw } = await import("@node-rs/argon2");
  return (password, salt, { variant, memoryKiB, iterations, parallelism, keyLength }) =>
    hashRaw(password, {
      salt,
      algorithm: variants[variant],
      memoryCost: memoryKiB,
      timeCost: iterations,
      parallelism,
      outputLen: keyLength,
    });
}

/** Argon2 by Node itself, for where no binary fits. */
export async function loadBuiltInArgon2(): Promise<Argon2> {
  const { argon2 } = await import("node:crypto");
  const compute = promisify(argon2);
  return (password, salt, { variant, memoryKiB, iterations, parallelism, keyLength }) =>
    compute(variant, {
      message: password,
      nonce: salt,
      memory: memoryKiB,
      passes: iterations,
      parallelism,
      tagLength: keyLength,
    });
}

let loaded: Promise<Argon2> | undefined;

/** Argon2 by whichever works on this machine. */
export const argon2: Argon2 = async (password, salt, parameters) => {
  loaded ??= loadPrebuiltArgon2().catch(loadBuiltInArgon2);
  return (await loaded)(password, salt, parameters);
};
