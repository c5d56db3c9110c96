import { scrypt } from "node:crypto";
import type { ScryptOptions } from "node:crypto";
import { fromPaddedBase64 } from "./base64.ts";
import { beyond, defineFamily, malformed } from "./family.ts";
import { sameBytes } from "./same-bytes.ts";

const layout = /^\$scrypt\$ln=(\d{1,10}),r=(\d{1,10}),p=(\d{1,10})\$([^$]*)\$([^$]+)$/;

/** The costs of scrypt (RFC 7914). */
export interface ScryptCosts {
  /** N itself, not its logarithm. */
  readonly cost: number;
  readonly r: number;
  readonly p: number;
}

/** Why costs of scrypt are not taken. */
export function scryptFlaw({ cost, r, p }: ScryptCosts): string | undefined {
  const flaw = beyond({ N: [cost, 1, 131_072], r: [r, 1, 8], p: [p, 1, 10] });
  // RFC 7914, section 2: N is a power of two, larger than one.
  return flaw ?? (cost < 2 || (cost & (cost - 1)) !== 0 ? "N must be a power of two" : undefined);
}

/** Computes scrypt beside the event loop. */
export function deriveScrypt(
  password: Buffer,
  salt: Buffer,
  length: number,
  { cost, r, p }: ScryptCosts,
): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r, p, maxmem: 128 * r * (cost + p + 2) + 65_536 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

interface ScryptHash extends ScryptCosts {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

function parse(hash: string): ScryptHash | string {
  const [, ln, r, p, saltText = "", digestText = ""] = layout.exec(hash) ?? [];
  const [salt, digest] = [fromPaddedBase64(saltText), fromPaddedBase64(digestText)];
  if (!ln || !salt || !digest || digest.length > 1024) return malformed;
  const costs = { cost: Number(ln), r: Number(r), p: Number(p) };
  return scryptFlaw(costs) ?? { ...costs, salt, digest };
}

/** Scrypt, with `ln` being N itself. */
export const scryptFamily = defineFamily("scrypt", /^\$scrypt\$/, parse, async (password, { salt, digest, ...costs }) =>
  sameBytes(await deriveScrypt(password, salt, digest.length, costs), digest),
);
