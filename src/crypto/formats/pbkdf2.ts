import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { fromUnpaddedBase64 } from "./base64.ts";
import { beyond, defineFamily, malformed } from "./family.ts";
import { sameBytes } from "./same-bytes.ts";

const layout = /^\$pbkdf2-(sha\d{1,3})\$i=(\d{1,10}),l=\d{1,10}\$([^$]*)\$([^$]+)$/;

// Kratos takes SHA-3 for two of the names, and SHA-256 for names that it does not know.
const digests: Readonly<Record<string, string>> = {
  sha1: "sha1",
  sha224: "sha3-224",
  sha256: "sha256",
  sha384: "sha3-384",
  sha512: "sha512",
};

interface Pbkdf2Hash {
  readonly digestName: string;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

function parse(hash: string): Pbkdf2Hash | string {
  const [, name, i, saltText = "", digestText = ""] = layout.exec(hash) ?? [];
  const [salt, digest] = [fromUnpaddedBase64(saltText), fromUnpaddedBase64(digestText)];
  if (!name || !salt || !digest) return malformed;
  const iterations = Number(i);
  const flaw = beyond({ i: [iterations, 1, 10_000_000], "the length of its digest": [digest.length, 1, 1024] });
  return flaw ?? { digestName: digests[name] ?? "sha256", iterations, salt, digest };
}

const derive = promisify(pbkdf2);

/** PBKDF2 (RFC 8018) over several digests. */
export const pbkdf2Family = defineFamily(
  "pbkdf2",
  /^\$pbkdf2-sha[0-9]{1,3}\$/,
  parse,
  async (password, { digestName, iterations, salt, digest }) =>
    sameBytes(await derive(password, salt, iterations, digest.length, digestName), digest),
);
