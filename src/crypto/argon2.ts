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

/** Argon2 by the package that is compiled where no binary fits. */
export async function loadCompiledArgon2(): Promise<Argon2> {
  const { hash } = await import("argon2");
  return (password, salt, { variant, memoryKiB, iterations, parallelism, keyLength }) =>
    hash(password, {
      raw: true,
      salt,
      type: variants[variant],
      memoryCost: memoryKiB,
      timeCost: iterations,
      parallelism,
      hashLength: keyLength,
    });
}

let loaded: Promise<Argon2> | undefined;

/** Argon2 by whichever package works on this machine. */
export const argon2: Argon2 = async (password, salt, parameters) => {
  loaded ??= loadPrebuiltArgon2().catch(loadCompiledArgon2);
  return (await loaded)(password, salt, parameters);
};
