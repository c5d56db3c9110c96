import { hash as digestOf } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { crypt64 } from "./crypt64.ts";
import { beyond, defineFamily, malformed } from "./family.ts";
import { sameBytes } from "./same-bytes.ts";

/** One of the two variants of SHA-crypt. */
interface Variant {
  readonly digestName: string;
  readonly bytes: number;
  /** In which order the bytes of the digest are written. */
  readonly groups: readonly (readonly number[])[];
}

const sha256: Variant = {
  digestName: "sha256",
  bytes: 32,
  groups: [...turning([0, 10, 20], 10, [2, 0, 1]), [31, 30]],
};
const sha512: Variant = {
  digestName: "sha512",
  bytes: 64,
  groups: [...turning([0, 21, 42], 21, [1, 2, 0]), [63]],
};

/** Groups of three whose members move on by one and trade places, as the reference lists them. */
function turning(first: readonly number[], count: number, places: readonly number[]): number[][] {
  const groups = [[...first]];
  while (groups.length < count) {
    const before = groups.at(-1)!;
    groups.push(places.map((place) => before[place]! + 1));
  }
  return groups;
}

const defaultRounds = 5000;
/** So many rounds are done between two turns of the event loop: about a millisecond. */
const roundsPerTurn = 500;

interface ShaCryptHash {
  readonly rounds: number;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** Repeats a digest until it fills a length. */
const fill = (digest: Buffer, length: number) => (length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, digest));

/** The digest of SHA-crypt as its author specified it (akkadia.org/drepper/SHA-crypt.txt), in its own alphabet. */
async function shaCrypt(
  { digestName, groups }: Variant,
  password: Buffer,
  salt: Buffer,
  rounds: number,
): Promise<string> {
  const sha = (...parts: Buffer[]) => digestOf(digestName, Buffer.concat(parts), "buffer");
  const alternate = sha(password, salt, password);
  const parts = [password, salt, fill(alternate, password.length)];
  for (let length = password.length; length > 0; length >>= 1) parts.push(length & 1 ? alternate : password);
  let digest = sha(...parts);

  const letters = fill(sha(...Array<Buffer>(password.length).fill(password)), password.length);
  const salting = fill(sha(...Array<Buffer>(16 + digest[0]!).fill(salt)), salt.length);
  for (let round = 0; round < rounds; round++) {
    if (round % roundsPerTurn === roundsPerTurn - 1) await setImmediate();
    const odd = round % 2 === 1;
    const turn = [odd ? letters : digest];
    if (round % 3 !== 0) turn.push(salting);
    if (round % 7 !== 0) turn.push(letters);
    turn.push(odd ? digest : letters);
    digest = sha(...turn);
  }
  return crypt64(digest, groups);
}

function parser(layout: RegExp) {
  return (hash: string): ShaCryptHash | string => {
    const [, roundsText, salt, digest] = layout.exec(hash) ?? [];
    if (salt === undefined || digest === undefined) return malformed;
    const rounds = roundsText === undefined ? defaultRounds : Number(roundsText);
    const flaw = beyond({ rounds: [rounds, 1000, 999_999] });
    return flaw ?? { rounds, salt: Buffer.from(salt), digest: Buffer.from(digest) };
  };
}

const family = (name: string, prefix: RegExp, layout: RegExp, variant: Variant) =>
  defineFamily(name, prefix, parser(layout), async (password, { rounds, salt, digest }) =>
    sameBytes(Buffer.from(await shaCrypt(variant, password, salt, rounds)), digest),
  );

/** The crypt(3) that is built on SHA-256. */
export const sha256Crypt = family(
  "sha256-crypt",
  /^\$sha256-crypt\$/,
  /^\$sha256-crypt\$(?:rounds=(\d{1,9})\$)?([^$]{0,16})\$([./0-9A-Za-z]{43})$/,
  sha256,
);

/** The crypt(3) that is built on SHA-512. */
export const sha512Crypt = family(
  "sha512-crypt",
  /^\$sha512-crypt\$/,
  /^\$sha512-crypt\$(?:rounds=(\d{1,9})\$)?([^$]{0,16})\$([./0-9A-Za-z]{86})$/,
  sha512,
);
