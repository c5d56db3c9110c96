import { createCipheriv } from "node:crypto";
import { fromPaddedBase64 } from "./base64.ts";
import { beyond, defineFamily, malformed } from "./family.ts";
import { sameBytes } from "./same-bytes.ts";
import { deriveScrypt, scryptFlaw } from "./scrypt.ts";
import type { ScryptCosts } from "./scrypt.ts";

const layout = /^\$firescrypt\$ln=(\d{1,10}),r=(\d{1,10}),p=(\d{1,10})\$([^$]*)\$([^$]+)\$([^$]*)\$([^$]+)$/;

interface FirescryptHash extends ScryptCosts {
  /** The salt, followed by the separator of the project. */
  readonly salt: Buffer;
  readonly digest: Buffer;
  readonly signerKey: Buffer;
}

function parse(hash: string): FirescryptHash | string {
  const [, ln, r, p, ...texts] = layout.exec(hash) ?? [];
  if (!ln) return malformed;
  const [salt, digest, separator, signerKey] = texts.map(fromPaddedBase64);
  if (!salt || !digest || !separator || !signerKey) return malformed;
  const costs = { cost: 2 ** Math.min(Number(ln), 18), r: Number(r), p: Number(p) };
  const flaw = beyond({ ln: [Number(ln), 1, 17] }) ?? scryptFlaw(costs);
  return flaw ?? { ...costs, salt: Buffer.concat([salt, separator]), digest, signerKey };
}

/** The scrypt of Firebase: the derived key encrypts the project's signer key, and that is the hash. */
export const firescrypt = defineFamily(
  "firescrypt",
  /^\$firescrypt\$/,
  parse,
  async (password, { salt, digest, signerKey, ...costs }) => {
    const key = await deriveScrypt(password, salt, 32, costs);
    const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
    return sameBytes(Buffer.concat([cipher.update(signerKey), cipher.final()]), digest);
  },
);
