import type { TextLimits } from "../setting.ts";

/** A web address. */
export const webAddress: TextLimits = { pattern: /^https?:\/\/[^\s/]/, expected: "an http or https URL" };

/** An absolute URL of any scheme. */
export const absoluteUrl: TextLimits = { pattern: /^[a-zA-Z][a-zA-Z0-9+.-]*:\S*$/, expected: "an absolute URL" };

/** A URL, or a path on the server's own. */
export const anyUrl: TextLimits = { pattern: /^[^\s\\]+$/, expected: "a URL or a path" };

/** A document to load. */
export const document: TextLimits = {
  pattern: /^(?:https?|file|base64):\/\//,
  expected: "a document's address: file://, http://, https:// or base64://",
};

/** An e-mail address. */
export const email: TextLimits = { pattern: /^[^\s@]+@[^\s@]+$/, expected: "an e-mail address" };

/** The name of a way to send messages. */
export const channelId: TextLimits = { pattern: /^[\w.-]{1,32}$/, expected: "at most 32 letters, digits, dots, hyphens or underscores" };

/** The key that makes a cookie Secure or not. */
export const trueOrFalse: TextLimits = { pattern: /^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/, expected: '"true" or "false"', lenient: true };

/** A database. */
export const dataSource: TextLimits = {
  pattern: /^(?:memory$|(?:sqlite3?|postgres(?:ql)?|cockroach(?:db)?|mysql):\/\/)/,
  expected: "memory, or begin with sqlite://, postgres://, cockroach:// or mysql://",
};

/** A language (BCP 47). */
export const languageTag: TextLimits = { pattern: /^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$/, expected: "a language tag, such as de or pt-BR" };
