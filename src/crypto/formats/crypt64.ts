/** The 64 letters of crypt(3) and, in another order, of bcrypt. */
export const cryptLetters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Writes bytes as crypt(3) does: six bits a letter, lowest first, the bytes of each group of three in a given order. */
export function crypt64(digest: Buffer, groups: readonly (readonly number[])[]): string {
  return groups.map((group) => encodeGroup(group.map((index) => digest[index]!))).join("");
}

function encodeGroup(bytes: readonly number[]): string {
  const word = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const length = Math.ceil((bytes.length * 8) / 6);
  return Array.from({ length }, (_, index) => cryptLetters[(word >> (index * 6)) & 63]).join("");
}
