/** What stands in place of a value that would do harm. */
export const unsafe = "#unsafe";

/** A link, as far as it is written. */
export interface LinkSoFar {
  readonly written: string;
  /** Whether what comes next belongs to its query or its fragment. */
  readonly query: boolean;
}

/** Nothing of a link yet. */
export const noLink: LinkSoFar = { written: "", query: false };

/** The link with text of the template's own, which decides in which part of it values stand. */
export const withFixed = ({ written, query }: LinkSoFar, text: string): LinkSoFar =>
  text === "" ? { written, query } : { written: written + text, query: query || /[?#]/.test(written + text) };

/** The link with a value. A query that began within it goes on where text of the template's own follows. */
export const withValue = ({ written, query }: LinkSoFar, value: string): LinkSoFar => ({
  written: written + value,
  query,
});

/**
 * A value as it may stand in a link, as Go's html/template has it: encoded in a query or a fragment, else as it is but for what
 * no link can hold. Whole links lead to the web, to mail or a phone, and never run a program.
 */
export function escapeInLink(value: string, { written, query }: LinkSoFar): string {
  if (query) return percentEncoded(value, /[A-Za-z0-9\-._~]/);
  // oxlint-disable-next-line no-control-regex
  const scheme = /^([^/?#]*?):/.exec((written + value).replace(/[\u0000-\u0020]/g, ""))?.[1];
  if (scheme !== undefined && !written.includes(":") && !/^(?:https?|mailto|tel)$/i.test(scheme)) return unsafe;
  return percentEncoded(value, /[A-Za-z0-9\-._~!#$&*+,/:;=?@[\]]|%[0-9a-fA-F]{2}/);
}

/** One address of a list of images: neither a comma nor a blank of a value can begin another one. */
export function escapeInImageList(value: string, listed: LinkSoFar): string {
  const candidate = listed.written.slice(listed.written.lastIndexOf(",") + 1).trimStart();
  // Behind the address stands its size.
  if (/\s/.test(candidate)) return /^[\w.]*$/.test(value) ? value : unsafe;
  return escapeInLink(value, { written: candidate, query: /[?#]/.test(candidate) }).replaceAll(",", "%2c");
}

/** What an element `meta` says: seconds, and where to go then. */
export function escapeInRefresh(value: string, { written }: LinkSoFar): string {
  const address = /url\s*=\s*["']?([^"']*)$/i.exec(written)?.[1];
  if (address !== undefined) return escapeInLink(value, { written: address, query: /[?#]/.test(address) });
  return /^[\d.]*\s*[;,]/.test(written + value) ? unsafe : value;
}

function percentEncoded(text: string, kept: RegExp): string {
  const piece = new RegExp(`(${kept.source})|[^]`, "gu");
  return text.replace(piece, (sign: string, plain: string | undefined) => plain ?? hexOf(sign));
}

const hexOf = (sign: string): string =>
  [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
