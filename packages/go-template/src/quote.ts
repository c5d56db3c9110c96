const named: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};
// What has no glyph: controls, formats, separators but for the space, and what is not assigned.
const hidden = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** A string as Go writes it in a program. */
export function quoted(text: string, quote: '"' | "'" = '"', asciiOnly = false): string {
  const inside = Array.from(text, (sign) => {
    if (sign === quote) return `\\${quote}`;
    if (Object.hasOwn(named, sign)) return named[sign]!;
    return hidden.test(sign) || (asciiOnly && sign > "~") ? escape(sign.codePointAt(0)!) : sign;
  });
  return quote + inside.join("") + quote;
}

function escape(code: number): string {
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x1_00_00 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** A string between backquotes, where it has none and no controls; else between quotes. */
export const backquoted = (text: string): string =>
  /[`\p{Cc}\ufeff]/u.test(text.replaceAll("\t", "")) ? quoted(text) : `\`${text}\``;
