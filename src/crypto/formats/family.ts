/** A family of stored password hashes: what it looks like, whether one is well-formed, whether a password fits one. */
export interface HashFamily {
  readonly name: string;
  /** Matches the beginning of every hash of the family. */
  readonly prefix: RegExp;
  /** Why a hash of this family is not taken from elsewhere, or undefined when it is. */
  flaw(hash: string): string | undefined;
  /** Whether a password fits; none fits what is no hash of this family. */
  verify(password: Buffer, hash: string): Promise<boolean>;
}

/**
 * A family by the function that takes its hashes apart: a string says why it cannot. `flawOf` refuses hashes of others
 * that this server may well make itself, when its configuration says so.
 *
 * @example
 * export const md5 = defineFamily(
 *   "MD5",
 *   /^\$md5\$/,
 *   (hash) => /^\$md5\$([A-Za-z0-9+/=]{24})$/.exec(hash)?.[1] ?? malformed,
 *   (password, digest) => sameBytes(digestOf("md5", password, "buffer"), Buffer.from(digest, "base64")),
 * );
 */
export function defineFamily<Parts>(
  name: string,
  prefix: RegExp,
  parse: (hash: string) => Parts | string,
  fits: (password: Buffer, parts: Parts) => boolean | Promise<boolean>,
  flawOf: (parts: Parts) => string | undefined = () => undefined,
): HashFamily {
  return {
    name,
    prefix,
    flaw(hash) {
      const parts = parse(hash);
      return typeof parts === "string" ? parts : flawOf(parts);
    },
    async verify(password, hash) {
      const parts = parse(hash);
      return typeof parts !== "string" && fits(password, parts);
    },
  };
}

/** Why a text of the right prefix is no hash of its family. */
export const malformed = "its parts are not those of its kind";

/** Why a hash is not taken: one of its costs is beyond what this server would spend. */
export function beyond(bounds: Readonly<Record<string, readonly [value: number, least: number, most: number]>>) {
  for (const [name, [value, least, most]] of Object.entries(bounds))
    if (value < least || value > most) return `${name} must be between ${least} and ${most}`;
  return undefined;
}
