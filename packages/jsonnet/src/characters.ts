import { fail } from "./error.ts";

const surrogate = /[\uD800-\uDFFF]/;

/** The characters of a text: programs count code points, not UTF-16 units. */
export const charactersOf = (text: string): readonly string[] =>
  surrogate.test(text) ? Array.from(text) : text.split("");

/** How many characters a text has. */
export const lengthOf = (text: string): number => (surrogate.test(text) ? Array.from(text).length : text.length);

/** Orders texts as programs compare them; UTF-16 units would put what lies beyond U+FFFF before U+E000. */
export function byCodePoint(left: string, right: string): number {
  if (!surrogate.test(left) && !surrogate.test(right)) return left < right ? -1 : left > right ? 1 : 0;
  const a = Array.from(left);
  const b = Array.from(right);
  const index = a.findIndex((char, at) => char !== b[at]);
  if (index < 0) return a.length - b.length;
  if (b[index] === undefined) return 1;
  return a[index]!.codePointAt(0)! - b[index].codePointAt(0)!;
}

/** The character of a code point. Surrogates are none. */
export const characterOf = (code: number): string =>
  Number.isInteger(code) && code >= 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff)
    ? String.fromCodePoint(code)
    : fail(`${code} is no code point`);
