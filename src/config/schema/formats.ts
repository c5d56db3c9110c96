import type { TextLimits } from "../setting.ts";

const parses = (value: string): boolean => URL.canParse(value);

/** A web address. */
export const webAddress: TextLimits = {
  pattern: /^https?:\/\/[^\s/]/i,
  fits: parses,
  expected: "an http or https URL",
};

/** An absolute URL of any scheme. */
export const absoluteUrl: TextLimits = { pattern: /^[a-zA-Z][a-zA-Z0-9+.-]*:\S*$/, expected: "an absolute URL" };

/** An absolute URL that leads somewhere. */
export const pageUrl: TextLimits = { ...absoluteUrl, fits: parses };

/** A URL, or a path on the server's own. */
export const anyUrl: TextLimits = {
  pattern: /^[^\s\\]+$/,
  fits: (value) => URL.canParse(value, "http://localhost/"),
  expected: "a URL or a path",
};

/** The same, where asterisks stand for anything. */
export const urlPattern: TextLimits = {
  ...anyUrl,
  fits: (value) => URL.canParse(value.replaceAll("*", "wildcard"), "http://localhost/"),
};

/** A document to load. */
export const document: TextLimits = {
  pattern: /^(?:https?|file|base64):\/\//,
  expected: "a document's address: file://, http://, https:// or base64://",
};

/** A document to load, or in the way of old the path of a file. */
export const documentOrFile: TextLimits = {
  pattern: /^(?:(?:https?|file|base64):\/\/|(?![a-zA-Z][a-zA-Z0-9+.-]*:\/\/)\S)/,
  expected: document.expected!,
};

/** The name of a header of HTTP. */
export const headerName: TextLimits = { pattern: /^[\w!#$%&'*+.^`|~-]+$/, expected: "a header's name" };

/** What a header of HTTP can hold. */
export const headerValue: TextLimits = {
  pattern: /^[\t\x20-\x7e\x80-\xff]*$/,
  expected: "a header's value, on one line and without letters beyond Latin-1",
};

/** A method of HTTP, but for the one that asks for a tunnel. */
export const httpMethod: TextLimits = { pattern: /^(?!connect$)[\w!#$%&'*+.^`|~-]+$/i, expected: "an HTTP method" };

/** A text of one line. */
export const oneLine: TextLimits = { pattern: /^\P{Cc}*$/u, expected: "on one line" };

/** A server's name, and a port where it is not the usual one. */
export const hostAndPort: TextLimits = {
  pattern: /^[^\s/?#@]+$/,
  fits: (value) => URL.canParse(`https://${value}/`),
  expected: "a host's name, with a port if need be",
};

/** A collector of traces or metrics: its host and port, or a URL. */
export const collector: TextLimits = {
  pattern: /^[^\s?#@]+$/,
  fits: (value) =>
    value.includes("://") ? webAddress.pattern!.test(value) && parses(value) : hostAndPort.fits!(value),
  expected: "a host and a port, such as localhost:4318, or an http or https URL",
};

/** The domain of cookies. */
export const cookieDomain: TextLimits = {
  pattern: /^(?:\.?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*)?$/u,
  expected: "a domain, such as example.org",
};

/** The path of cookies. */
export const cookiePath: TextLimits = {
  pattern: /^\/[\x20-\x3a\x3c-\x7e]*$/,
  expected: "a path, which begins with / and has no semicolon",
};

/** An origin that may call from a browser, an asterisk for all, or one with an asterisk for a subdomain. */
export const corsOrigin: TextLimits = {
  pattern: /^(?:\*|[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^\s/?#]+\/?|null)$/,
  fits: (value) => !value.includes(":") || URL.canParse(value.replaceAll("*", "1")),
  expected: "an origin, such as https://app.example.org, without a path, or *",
};

/** The domain that keys of authenticators are bound to. */
export const keyDomain: TextLimits = {
  pattern: /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u,
  expected: "a domain alone, such as example.org, without a scheme, port or path",
};

/** An origin that may ask for keys of authenticators: a page's, or an app's of Android or iOS. */
export const keyOrigin: TextLimits = {
  ...absoluteUrl,
  fits: (value) => !/^https?:/i.test(value) || (URL.canParse(value) && !new URL(value).username),
  expected: "an origin, such as https://app.example.org",
};

/** An e-mail address. */
export const email: TextLimits = { pattern: /^[^\s@]+@[^\s@]+$/, expected: "an e-mail address" };

/** The name of a way to send messages. */
export const channelId: TextLimits = {
  pattern: /^[\w.-]{1,32}$/,
  expected: "at most 32 letters, digits, dots, hyphens or underscores",
};

/** The name of a subscription, which is no id of one that is kept in the database. */
export const subscriptionName: TextLimits = {
  pattern: /^(?![0-9a-f]{8}-[0-9a-f]{4}-)[\w.-]{1,64}$/i,
  expected: "at most 64 letters, digits, dots, hyphens or underscores, and no UUID",
};

/** The key that makes a cookie Secure or not. */
export const trueOrFalse: TextLimits = {
  pattern: /^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/,
  expected: '"true" or "false"',
  lenient: true,
};

/** A moment. */
export const moment: TextLimits = {
  pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  fits: (value) => !Number.isNaN(Date.parse(value)),
  expected: "a moment by RFC 3339, such as 2026-01-31T12:00:00Z",
};

/** A database. */
export const dataSource: TextLimits = {
  pattern: /^(?:memory$|(?:sqlite3?|postgres(?:ql)?|cockroach(?:db)?|mysql):\/\/)/,
  expected: "memory, or begin with sqlite://, postgres://, cockroach:// or mysql://",
};

/** A language (BCP 47). */
export const languageTag: TextLimits = {
  pattern: /^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$/,
  expected: "a language tag, such as de or pt-BR",
};

/** A secret by which calls are signed as Standard Webhooks has it. */
export const webhookSecret: TextLimits = {
  pattern: /^whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  fits: (value) => isBetween(Buffer.from(value.slice("whsec_".length), "base64").length, 24, 64),
  expected: "whsec_ and 24 to 64 bytes in base64",
};

const isBetween = (count: number, least: number, most: number): boolean => count >= least && count <= most;

/** Names of events. With more asterisks it would take long to find that a name does not fit. */
export const eventPattern: TextLimits = {
  pattern: /^(?=.{1,64}$)[A-Za-z]*(?:\*[A-Za-z]*){0,2}$/,
  expected:
    "the name of a type of event, such as IdentityCreated, or a pattern with two asterisks at most, such as Session*",
};
