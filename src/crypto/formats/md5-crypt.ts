import { hash as digestOf } from "node:crypto";
import { crypt64 } from "./crypt64.ts";
import { defineFamily, malformed } from "./family.ts";
import { sameBytes } from "./same-bytes.ts";

const layout = /^\$md5-crypt\$([^$]{0,8})\$([./0-9A-Za-z]{22})$/;
const groups = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]];
const rounds = 1000;

const md5 = (...parts: Buffer[]) => digestOf("md5", Buffer.concat(parts), "buffer");

/** The digest that BSD's crypt(3) made for `$1$`, in its own alphabet. */
function md5Crypt(password: Buffer, salt: Buffer): string {
  const alternate = md5(password, salt, password);
  const parts = [password, Buffer.from("$1$"), salt];
  for (let left = password.length; left > 0; left -= 16) parts.push(alternate.subarray(0, Math.min(16, left)));
  // For each bit of the length: a zero byte for a one, the first letter of the password for a zero.
  for (let length = password.length; length > 0; length >>= 1)
    parts.push(length & 1 ? Buffer.alloc(1) : password.subarray(0, 1));
  let digest = md5(...parts);
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1;
    const turn = [odd ? password : digest];
    if (round % 3 !== 0) turn.push(salt);
    if (round % 7 !== 0) turn.push(password);
    turn.push(odd ? digest : password);
    digest = md5(...turn);
  }
  return crypt64(digest, groups);
}

function parse(hash: string) {
  const [, salt, digest] = layout.exec(hash) ?? [];
  return digest === undefined ? malformed : { salt: Buffer.from(salt ?? ""), digest: Buffer.from(digest) };
}

/** The crypt(3) of old Unix systems that is built on MD5. */
export const md5CryptFamily = defineFamily("md5-crypt", /^\$md5-crypt\$/, parse, (password, { salt, digest }) =>
  sameBytes(Buffer.from(md5Crypt(password, salt)), digest),
);
