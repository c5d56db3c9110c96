import { createHash } from "node:crypto";
import { compilePattern, quotePattern } from "./re2.ts";
import { isMap, own, show } from "../values.ts";
import type { TemplateFunction } from "../values.ts";

const longest = 100_000;

const words = (text: string): string[] => text.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{N}+|\p{Lu}+/gu) ?? [];
const title = (text: string): string => text.replace(/(^|[^\p{L}\p{N}'_])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const signs = (text: string): string => text.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
const trimSigns = (text: string, cut: string): string => text.replace(new RegExp(`^[${signs(cut)}]+|[${signs(cut)}]+$`, "g"), "");
const indent = (width: number, text: string): string => text.replace(/^/gm, " ".repeat(Math.min(Math.max(width, 0), 200)));

function repeat(count: number, text: string): string {
  if (count * text.length > longest) throw new Error(`repeat makes more than ${longest} characters`);
  return text.repeat(Math.max(count, 0));
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

type OfTexts = (...args: string[]) => unknown;

/** A function whose arguments are read as texts. */
const texts = (run: OfTexts): TemplateFunction => (...args) => run(...args.map(show));
/** One whose first argument is a number, and the others texts. */
const numberAndText = (run: (count: number, text: string) => unknown): TemplateFunction => (count, text) => run(Number(count), show(text));

/** Sprig's functions on texts. The text that is worked on comes last, for pipes. */
export const textFunctions: Readonly<Record<string, TemplateFunction>> = {
  upper: texts((text = "") => text.toUpperCase()),
  lower: texts((text = "") => text.toLowerCase()),
  title: texts((text = "") => title(text)),
  untitle: texts((text = "") => text.replace(/(^|\s)(\p{L})/gu, (_, before: string, letter: string) => before + letter.toLowerCase())),
  swapcase: texts((text = "") => [...text].map((sign) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase())).join("")),
  snakecase: texts((text = "") => words(text).map((word) => word.toLowerCase()).join("_")),
  kebabcase: texts((text = "") => words(text).map((word) => word.toLowerCase()).join("-")),
  camelcase: texts((text = "") => words(text).map((word) => capital(word.toLowerCase())).join("")),
  initials: texts((text = "") => text.split(/\s+/).map((word) => [...word][0] ?? "").join("")),
  trim: texts((text = "") => text.trim()),
  trimAll: texts((cut = "", text = "") => (cut ? trimSigns(text, cut) : text)),
  trimall: texts((cut = "", text = "") => (cut ? trimSigns(text, cut) : text)),
  trimPrefix: texts((prefix = "", text = "") => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimSuffix: texts((suffix = "", text = "") => (suffix && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  nospace: texts((text = "") => text.replace(/\s/g, "")),
  replace: texts((old = "", fresh = "", text = "") => text.replaceAll(old, () => fresh)),
  contains: texts((part = "", text = "") => text.includes(part)),
  hasPrefix: texts((prefix = "", text = "") => text.startsWith(prefix)),
  hasSuffix: texts((suffix = "", text = "") => text.endsWith(suffix)),
  quote: texts((...args) => args.map((text) => JSON.stringify(text)).join(" ")),
  squote: texts((...args) => args.map((text) => `'${text}'`).join(" ")),
  cat: texts((...args) => args.filter(Boolean).join(" ")),
  repeat: numberAndText(repeat),
  trunc: numberAndText(truncate),
  abbrev: numberAndText((width, text) => (width < 4 || text.length <= width ? text : `${text.slice(0, width - 3)}...`)),
  wrap: numberAndText(wrap),
  indent: numberAndText(indent),
  nindent: numberAndText((width, text) => `\n${indent(width, text)}`),
  substr: (from, to, text) => [...show(text)].slice(Math.max(Number(from), 0), Number(to) < 0 ? undefined : Number(to)).join(""),
  plural: (one, many, count) => (Number(count) === 1 ? one : many),
  toString: (value: unknown) => show(value),
  split: texts((by = "", text = "") => Object.fromEntries(text.split(by).map((part, at) => [`_${at}`, part]))),
  splitList: texts((by = "", text = "") => text.split(by)),
  splitn: (by, count, text) => Object.fromEntries(splitUpTo(show(text), show(by), Number(count)).map((part, at) => [`_${at}`, part])),
  regexMatch: texts((pattern = "", text = "") => compilePattern(pattern).matcher(text).find()),
  regexFind: texts((pattern = "", text = "") => {
    const found = compilePattern(pattern).matcher(text);
    return found.find() ? found.group() : "";
  }),
  regexReplaceAll: texts((pattern = "", text = "", fresh = "") => compilePattern(pattern).matcher(text).replaceAll(fresh.replace(/\$\{(\d+)\}/g, "$$$1"))),
  regexFindAll: (pattern, text, count) => upTo(Number(count), findAll(show(pattern), show(text)).map(([found]) => found)),
  regexReplaceAllLiteral: texts((pattern = "", text = "", fresh = "") => replaceLiterally(findAll(pattern, text), text, fresh)),
  regexSplit: (pattern, text, count) => splitAt(findAll(show(pattern), show(text)), show(text), Number(count)),
  regexQuoteMeta: texts((text = "") => quotePattern(text)),
  urlParse: texts((url = "") => urlParts(url)),
  urlJoin: (parts) => urlOf(parts),
  b64enc: texts((text = "") => Buffer.from(text).toString("base64")),
  b64dec: texts((text = "") => Buffer.from(text, "base64").toString()),
  sha1sum: texts((text = "") => createHash("sha1").update(text).digest("hex")),
  sha256sum: texts((text = "") => createHash("sha256").update(text).digest("hex")),
};

function splitUpTo(text: string, by: string, count: number): string[] {
  const parts = text.split(by);
  return count > 0 && parts.length > count ? [...parts.slice(0, count - 1), parts.slice(count - 1).join(by)] : parts;
}

function findAll(pattern: string, text: string): [found: string, at: number][] {
  const matcher = compilePattern(pattern).matcher(text);
  const found: [string, number][] = [];
  while (matcher.find()) found.push([matcher.group() ?? "", matcher.start()]);
  return found;
}

const upTo = <T>(count: number, list: T[]): T[] => (count < 0 ? list : list.slice(0, count));

/** What is between the places found: all of it, or so many parts, of which the last holds the rest. */
function splitAt(places: readonly (readonly [found: string, at: number])[], text: string, count: number): string[] {
  if (count === 0) return [];
  const parts: string[] = [];
  let from = 0;
  for (const [found, at] of places) {
    if (parts.length + 1 === count) break;
    // Nothing found at either end divides nothing.
    if (found === "" && (at === 0 || at === text.length)) continue;
    parts.push(text.slice(from, at));
    from = at + found.length;
  }
  return [...parts, text.slice(from)];
}

function urlParts(text: string): Record<string, string> {
  if (!URL.canParse(text)) throw new Error("urlParse needs an absolute URL");
  const { protocol, host, hostname, pathname, search, hash, username, password } = new URL(text);
  const userinfo = password ? `${username}:${password}` : username;
  return { scheme: protocol.slice(0, -1), host, hostname, path: decodeURIComponent(pathname), query: search.slice(1), opaque: "", fragment: decodeURIComponent(hash.slice(1)), userinfo };
}

function urlOf(parts: unknown): string {
  const part = (name: string): string => (isMap(parts) ? show(own(parts, name)) : "");
  const [scheme, userinfo, host, query, fragment] = ["scheme", "userinfo", "host", "query", "fragment"].map(part);
  const before = `${scheme ? `${scheme}:` : ""}${host ? `//${userinfo ? `${userinfo}@` : ""}${host}` : ""}`;
  return `${before}${encodeURI(part("path"))}${query ? `?${query}` : ""}${fragment ? `#${encodeURI(fragment)}` : ""}`;
}

function replaceLiterally(places: readonly (readonly [found: string, at: number])[], text: string, fresh: string): string {
  let [from, written] = [0, ""];
  for (const [found, at] of places) {
    written += text.slice(from, at) + fresh;
    from = at + found.length;
  }
  if (written.length > longest) throw new Error(`regexReplaceAllLiteral makes more than ${longest} characters`);
  return written + text.slice(from);
}
