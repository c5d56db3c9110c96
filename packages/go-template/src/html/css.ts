import { escapeInLink, unsafe } from "./link.ts";

/** What could end a value, or begin another one, an address, a comment or a string. */
// oxlint-disable-next-line no-control-regex
const harmful = /[\u0000"'()/;@[\\\]`{}<>]|--/;
/** Old browsers ran programs by these. */
const programs = /expression|mozbinding/i;

/** A value as it may stand in a style, after what is written of it. */
export function escapeInCss(value: string, written: string): string {
  const address = /\burl\(\s*["']?([^"')]*)$/i.exec(written)?.[1];
  if (address !== undefined) return escapeInLink(value, { written: address, query: /[?#]/.test(address) });
  if (isInString(written))
    return value.replace(/[^\p{L}\p{N} ._-]/gu, (sign) => `\\${sign.codePointAt(0)!.toString(16)} `);
  return harmful.test(value) || programs.test(value.replace(/[^\w-]/g, "")) ? unsafe : value;
}

function isInString(css: string): boolean {
  let quote = "";
  const plain = css.replace(/\/\*[^]*?\*\//g, "");
  for (let at = 0; at < plain.length; at++) {
    const sign = plain[at]!;
    if (sign === "\\") at++;
    else if (quote) quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
  }
  return quote !== "";
}
