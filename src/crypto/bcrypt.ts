/** The longest password, in bytes, that bcrypt takes into account. */
export const bcryptMaxBytes = 72;

/** Computes and compares bcrypt hashes. */
export interface Bcrypt {
  hash(password: string, cost: number): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
}

/** As Kratos writes it: by any of its prefixes the hash is the same. */
const by2a = (hash: string): string => hash.replace(/^\$2[aby]\$/, "$2a$");

/** Bcrypt by the package with prebuilt binaries for most platforms. */
export async function loadPrebuiltBcrypt(): Promise<Bcrypt> {
  const { hash, verify } = await import("@node-rs/bcrypt");
  return { hash: async (password, cost) => by2a(await hash(password, cost)), verify };
}

/** Bcrypt in JavaScript, for where no binary fits. */
export async function loadPlainBcrypt(): Promise<Bcrypt> {
  const { compare, hash } = await import("bcryptjs");
  return { hash: async (password, cost) => by2a(await hash(password, cost)), verify: compare };
}

let loaded: Promise<Bcrypt> | undefined;

/** Bcrypt by whichever package works on this machine. */
export const bcrypt = (): Promise<Bcrypt> => (loaded ??= loadPrebuiltBcrypt().catch(loadPlainBcrypt));
