import { argon2 } from "../argon2.ts";
import type { Argon2Parameters } from "../argon2.ts";
import { fromUnpaddedBase64 } from "./base64.ts";
import { beyond, defineFamily, malformed } from "./family.ts";
import { sameBytes } from "./same-bytes.ts";

const layout = /^\$(argon2id?)\$v=(\d+)\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,10})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** The parts of an Argon2 hash in PHC form. */
export interface Argon2Hash extends Argon2Parameters {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** Takes an Argon2 hash apart; a string says why it cannot be. */
export function parseArgon2(hash: string): Argon2Hash | string {
  const [, variant, version, m, t, p, saltText = "", digestText = ""] = layout.exec(hash) ?? [];
  const [salt, digest] = [fromUnpaddedBase64(saltText), fromUnpaddedBase64(digestText)];
  if (!variant || !salt || !digest) return malformed;
  if (version !== "19") return "its version is not 19";
  const [memoryKiB, iterations, parallelism] = [Number(m), Number(t), Number(p)];
  // RFC 9106, section 3.1: eight KiB for each lane; libraries want eight bytes of salt, four of digest, 255 lanes at most.
  const flaw =
    beyond({ t: [iterations, 1, 2 ** 32 - 1], p: [parallelism, 1, 255] }) ??
    beyond({ m: [memoryKiB, 8 * parallelism, 2 ** 32 - 1] }) ??
    beyond({ "the length of its salt": [salt.length, 8, 1024], "the length of its digest": [digest.length, 4, 1024] });
  if (flaw) return flaw;
  const parameters = { memoryKiB, iterations, parallelism, keyLength: digest.length };
  return { variant: variant as Argon2Parameters["variant"], ...parameters, salt, digest };
}

const importBounds = ({ memoryKiB, iterations, parallelism }: Argon2Hash) =>
  beyond({ m: [memoryKiB, 1, 1_048_576], t: [iterations, 1, 10], p: [parallelism, 1, 16] });

const fits = async (password: Buffer, parts: Argon2Hash) =>
  sameBytes(await argon2(password, parts.salt, parts), parts.digest);

/** Argon2id in PHC form: the default of this server. */
export const argon2id = defineFamily("argon2id", /^\$argon2id\$/, parseArgon2, fits, importBounds);

/** Argon2i in PHC form. */
export const argon2i = defineFamily("argon2i", /^\$argon2i\$/, parseArgon2, fits, importBounds);
