import { argon2i, argon2id } from "./argon2.ts";
import { bcryptFamily } from "./bcrypt.ts";
import type { HashFamily } from "./family.ts";
import { firescrypt } from "./firescrypt.ts";
import { hmac } from "./hmac.ts";
import { md5CryptFamily } from "./md5-crypt.ts";
import { md5 } from "./md5.ts";
import { pbkdf2Family } from "./pbkdf2.ts";
import { scryptFamily } from "./scrypt.ts";
import { sha256Crypt, sha512Crypt } from "./sha-crypt.ts";
import { sha, ssha } from "./sha.ts";

const families: readonly HashFamily[] = [
  md5CryptFamily,
  bcryptFamily,
  sha256Crypt,
  sha512Crypt,
  argon2id,
  argon2i,
  pbkdf2Family,
  scryptFamily,
  ssha,
  sha,
  firescrypt,
  md5,
  hmac,
];

/** The family that a stored hash belongs to. */
export const familyOf = (hash: string): HashFamily | undefined => families.find(({ prefix }) => prefix.test(hash));
