import { escapeInLink, unsafe } from "./link-escape.ts";

const safe = /^[\p{L}\p{N}\s#%.,_-]*$/u;

/** A value as it may stand in a style, after what is written of it. */
export function escapeInCss(value: string, written: string): string {
  const address = /\burl\(\s*["']?([^"')]*)$/i.exec(written)?.[1];
  if (address !== undefined) return escapeInLink(value, { written: address, query: /[?#]/.test(address) });
  if (isInString(written)) return value.replace(/[^\p{L}\p{N} ._-]/gu, (sign) => `\\${sign.codePointAt(0)!.toString(16)} `);
  return safe.test(value) ? value : unsafe;
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
