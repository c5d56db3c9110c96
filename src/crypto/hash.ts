import { randomBytes } from "node:crypto";
import type { Config } from "../config/config.ts";
import { argon2 } from "./argon2.ts";
import { bcrypt, bcryptMaxBytes } from "./bcrypt.ts";
import { parseArgon2 } from "./formats/argon2.ts";
import { toUnpaddedBase64 } from "./formats/base64.ts";
import { parseBcrypt } from "./formats/bcrypt.ts";
import { cryptLetters } from "./formats/crypt64.ts";
import { familyOf } from "./formats/families.ts";
import { hashQueue } from "./hash-queue.ts";
import { drawLetters } from "./token.ts";

type Hashers = Config["hashers"];

/** Thrown when a password is longer than the algorithm can tell from others; see `maxPasswordBytes`. */
export class PasswordTooLong extends RangeError {
  override readonly name = "PasswordTooLong";
}

/** How many bytes a password may have. */
export const maxPasswordBytes = ({ algorithm }: Hashers): number =>
  algorithm === "bcrypt" ? bcryptMaxBytes : Infinity;

/** How many bytes of a password have to fit: of its normal form, or of the form given where that is shorter. */
export const passwordBytes = (password: string): number => Math.min(...spellings(password).map((form) => form.length));

/** The bytes that a password may have been hashed as: in normal form (NFKC, NIST SP 800-63B), and as it was typed. */
function spellings(password: string): Buffer[] {
  const normal = password.normalize("NFKC");
  return (normal === password ? [normal] : [normal, password]).map((form) => Buffer.from(form));
}

/** Hashes a password with the configured algorithm: what is stored, in a form that Kratos reads as well. */
export async function createHash(password: string, hashers: Hashers): Promise<string> {
  const bytes = spellings(password).find(({ length }) => length <= maxPasswordBytes(hashers));
  if (!bytes)
    throw new PasswordTooLong(`A password for ${hashers.algorithm} has at most ${maxPasswordBytes(hashers)} bytes.`);
  if (hashers.algorithm === "bcrypt")
    return hashQueue.run(async () => (await bcrypt()).hash(bytes.toString(), hashers.bcrypt.cost));
  return hashQueue.run(() => argon2Hash(bytes, hashers.argon2));
}

/** Hashes a password by Argon2 at once, and not in its turn: for those who measure how long that takes. */
export async function argon2Hash(password: Buffer, settings: Hashers["argon2"]): Promise<string> {
  const salt = randomBytes(settings.salt_length);
  return phc(settings, salt, await argon2(password, salt, parametersOf(settings)));
}

const parametersOf = ({ memory, iterations, parallelism, key_length: keyLength }: Hashers["argon2"]) =>
  ({ variant: "argon2id", memoryKiB: Math.floor(memory / 1024), iterations, parallelism, keyLength }) as const;

function phc(settings: Hashers["argon2"], salt: Buffer, digest: Buffer): string {
  const { memoryKiB, iterations, parallelism } = parametersOf(settings);
  const costs = `m=${memoryKiB},t=${iterations},p=${parallelism}`;
  return `$argon2id$v=19$${costs}$${toUnpaddedBase64(salt)}$${toUnpaddedBase64(digest)}`;
}

/** Whether a password fits a stored hash of any known family. */
export async function verifyHash(password: string, hash: string): Promise<boolean> {
  const family = familyOf(hash);
  if (!family) return false;
  // Whoever made the hash elsewhere may not have normalised.
  for (const bytes of spellings(password))
    if (await hashQueue.run(() => family.verify(bytes, hash), "password verify")) return true;
  return false;
}

/** Whether a hash is of another algorithm or weaker than the configuration asks for, and is to be made anew. */
export function isOutdated(hash: string, { algorithm, argon2: wanted, bcrypt: { cost } }: Hashers): boolean {
  if (familyOf(hash)?.name !== (algorithm === "argon2" ? "argon2id" : "bcrypt")) return true;
  if (algorithm === "bcrypt") {
    const found = parseBcrypt(hash);
    return typeof found === "string" || found.cost < cost;
  }
  const found = parseArgon2(hash);
  return (
    typeof found === "string" ||
    found.memoryKiB < parametersOf(wanted).memoryKiB ||
    found.iterations < wanted.iterations ||
    found.keyLength < wanted.key_length ||
    found.salt.length < wanted.salt_length
  );
}

const decoys = new Map<string, string>();

/** A hash that no password fits and that takes as long to verify as a real one with the live parameters. */
export async function decoyHash(hashers: Hashers): Promise<string> {
  const {
    algorithm,
    argon2: settings,
    bcrypt: { cost },
  } = hashers;
  const { salt_length: saltLength, key_length: keyLength } = settings;
  const parameters = JSON.stringify([algorithm, cost, parametersOf(settings), saltLength]);
  let decoy = decoys.get(parameters);
  if (!decoy) {
    decoy = algorithm === "bcrypt" ? bcryptDecoy(cost) : phc(settings, randomBytes(saltLength), randomBytes(keyLength));
    decoys.set(parameters, decoy);
  }
  return decoy;
}

/** Random letters behind a cost; the last letters of salt and digest are ones that carry no stray bits. */
function bcryptDecoy(cost: number): string {
  const letters = (length: number) => drawLetters(cryptLetters, length, () => randomBytes(64));
  return `$2a$${String(cost).padStart(2, "0")}$${letters(21)}.${letters(30)}.`;
}

/** Whether a hash made elsewhere can be imported, and if not, why. */
export function checkHash(hash: string): { readonly ok: true } | { readonly ok: false; readonly reason: string } {
  const family = familyOf(hash);
  if (!family) return { ok: false, reason: "it is of no known format" };
  const flaw = family.flaw(hash);
  return flaw === undefined
    ? { ok: true }
    : { ok: false, reason: `it is no ${family.name} hash that can be verified: ${flaw}` };
}
