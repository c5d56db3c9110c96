import { createHash } from "node:crypto";
import { quoted } from "../quote.ts";
import { fixedArity, show } from "../values.ts";
import type { TemplateFunction } from "../values.ts";
import { texts } from "./texts-of.ts";

const longest = 100_000;

// A number belongs to the letters in front of it, or else to those behind it.
const words = (text: string): string[] =>
  text.match(/\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{N}+[\p{Ll}\p{N}]*|\p{Lu}+/gu) ?? [];
/** A letter begins a word behind whatever is none in ASCII, an apostrophe too, and behind blanks. */
const title = (text: string): string =>
  text.replace(/(^|\s|(?!\w)\p{ASCII})(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const signs = (text: string): string => text.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
const trimSigns = (cut: string, text: string): string =>
  cut ? text.replace(new RegExp(`^[${signs(cut)}]+|[${signs(cut)}]+$`, "g"), "") : text;
const indent = (width: number, text: string): string =>
  text.replace(/^/gm, " ".repeat(Math.min(Math.max(width, 0), 200)));

function repeat(count: number, text: string): string {
  if (count < 0) throw new Error("nothing can be repeated less than zero times");
  if (count * text.length > longest) throw new Error(`repeat makes more than ${longest} characters`);
  return text.repeat(count);
}

function truncate(length: number, text: string): string {
  const letters = [...text];
  return (length < 0 ? letters.slice(Math.max(letters.length + length, 0)) : letters.slice(0, length)).join("");
}

function wrap(width: number, text: string): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** A function whose first argument is a number, and the other a text. */
const numberAndText =
  (run: (count: number, text: string) => unknown): TemplateFunction =>
  (count, text) =>
    run(Number(count), show(text));

/** Sprig's functions on texts. The text that is worked on comes last, for pipes. */
export const textFunctions: Readonly<Record<string, TemplateFunction>> = {
  quote: (...args) =>
    given(args)
      .map((one) => quoted(show(one)))
      .join(" "),
  squote: (...args) =>
    given(args)
      .map((one) => `'${show(one)}'`)
      .join(" "),
  cat: (...args) => given(args).map(show).join(" "),
  ...fixedArity({
    upper: texts((text) => text.toUpperCase()),
    lower: texts((text) => text.toLowerCase()),
    title: texts(title),
    untitle: texts((text) =>
      text.replace(/(^|\s)(\p{L})/gu, (_, before: string, letter: string) => before + letter.toLowerCase()),
    ),
    swapcase: texts((text) =>
      [...text].map((sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase())).join(""),
    ),
    snakecase: texts((text) =>
      words(text)
        .map((word) => word.toLowerCase())
        .join("_"),
    ),
    kebabcase: texts((text) =>
      words(text)
        .map((word) => word.toLowerCase())
        .join("-"),
    ),
    camelcase: texts((text) =>
      words(text)
        .map((word) => capital(word.toLowerCase()))
        .join(""),
    ),
    initials: texts((text) =>
      text
        .split(/\s+/)
        .map((word) => [...word][0] ?? "")
        .join(""),
    ),
    trim: texts((text) => text.trim()),
    trimAll: texts(trimSigns),
    trimall: texts(trimSigns),
    trimPrefix: texts((prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
    trimSuffix: texts((suffix, text) => (suffix && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
    nospace: texts((text) => text.replace(/\s/g, "")),
    replace: texts((old, fresh, text) => text.replaceAll(old, () => fresh)),
    contains: texts((part, text) => text.includes(part)),
    hasPrefix: texts((prefix, text) => text.startsWith(prefix)),
    hasSuffix: texts((suffix, text) => text.endsWith(suffix)),
    repeat: numberAndText(repeat),
    trunc: numberAndText(truncate),
    abbrev: numberAndText((width, text) =>
      width < 4 || text.length <= width ? text : `${text.slice(0, width - 3)}...`,
    ),
    wrap: numberAndText(wrap),
    indent: numberAndText(indent),
    nindent: numberAndText((width, text) => `\n${indent(width, text)}`),
    substr: (from, to, text) =>
      [...show(text)].slice(Math.max(Number(from), 0), Number(to) < 0 ? undefined : Number(to)).join(""),
    plural: (one, many, count) => (Number(count) === 1 ? one : many),
    toString: (value: unknown) => show(value),
    split: texts((by, text) => numbered(text.split(by))),
    splitList: texts((by, text) => text.split(by)),
    splitn: (by, count, text) => numbered(splitUpTo(show(text), show(by), Number(count))),
    b64enc: texts((text) => Buffer.from(text).toString("base64")),
    b64dec: texts((text) => Buffer.from(text, "base64").toString()),
    sha1sum: texts((text) => createHash("sha1").update(text).digest("hex")),
    sha256sum: texts((text) => createHash("sha256").update(text).digest("hex")),
  }),
};

/** All that is not nothing. */
const given = (args: readonly unknown[]): readonly unknown[] => args.filter((one) => one !== null && one !== undefined);
const numbered = (parts: readonly string[]): Record<string, string> =>
  Object.fromEntries(parts.map((part, at) => [`_${at}`, part]));

function splitUpTo(text: string, by: string, count: number): string[] {
  const parts = text.split(by);
  return count > 0 && parts.length > count ? [...parts.slice(0, count - 1), parts.slice(count - 1).join(by)] : parts;
}
