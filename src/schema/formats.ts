import { isIPv6 } from "node:net";
import { parseGoUrl } from "./go-url.ts";
import { normalisePhone } from "./normalise.ts";
import { isPattern } from "./pattern.ts";

type Judge = (text: string) => boolean;

/** The formats that Kratos judges, by its own rules: accounts come from there, and shall be the same everywhere. */
export const formats: Readonly<Record<string, Judge>> = {
  "date-time": (text) => isMoment(/^(\d{4}-\d\d-\d\d)T(.*)$/s.exec(text)),
  date: isDate,
  time: isTime,
  hostname: isHostname,
  email: isEmailAddress,
  tel: (text) => normalisePhone(text) !== undefined,
  "ip-address": isIpv4,
  ipv4: isIpv4,
  ipv6: (text) => isIPv6(text) && !text.includes("%"),
  uri: isUri,
  iri: isUri,
  "uri-reference": isReference,
  uriref: isReference,
  "iri-reference": isReference,
  "uri-template": isTemplate,
  regex: isPattern,
  "json-pointer": isPointer,
  "relative-json-pointer": (text) => isRelativePointer(/^(?:0|[1-9]\d*)(.*)$/s.exec(text)),
  "no-validate": () => true,
};

/** Those that came with draft 2019-09, which Kratos does not read. */
export const laterFormats: Readonly<Record<string, Judge>> = {
  uuid: (text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  duration: (text) => /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?!$)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/.test(text),
};

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (!day) return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && day !== "00";
}

/** A time of day and its distance from UTC. There are no leap seconds. */
function isTime(text: string): boolean {
  const [, hour, minute, second, zone, hours = 0, minutes = 0] =
    /^(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[+-](\d\d):(\d\d))$/.exec(text) ?? [];
  if (!zone) return false;
  return (
    Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && Number(hours) <= 24 && Number(minutes) <= 60
  );
}

const isMoment = (parts: RegExpExecArray | null): boolean => parts !== null && isDate(parts[1]!) && isTime(parts[2]!);

function isHostname(text: string): boolean {
  const name = text.replace(/\.$/, "");
  return (
    name.length <= 253 &&
    !name.startsWith("-") &&
    name.split(".").every((label) => /^[a-z0-9-]{0,62}[a-z0-9]$/i.test(label))
  );
}

const atom = "[!#-'*+\\-/-9=?A-Z^-~\\u0080-\\u{10ffff}]+";
const localPart = new RegExp(
  `^[ \\t]*(?:${atom}(?:\\.${atom})*|"(?:[ \\t!#-[\\]-~\\u0080-\\u{10ffff}]|\\\\[ \\t!-~\\u0080-\\u{10ffff}])+")$`,
  "u",
);

/** RFC 5322 with the letters of all languages before the @, and a host of any kind behind it. Lengths count as bytes. */
function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  const [local, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (Buffer.byteLength(text) > 254 || Buffer.byteLength(local) > 64) return false;
  return isHostname(domain) && !domain.endsWith(".") && localPart.test(local);
}

function isIpv4(text: string): boolean {
  const groups = text.split(".");
  return (
    groups.length === 4 &&
    groups.every((group) => /^[+-]?\d+$/.test(group) && Number(group) >= 0 && Number(group) <= 255)
  );
}

function isUri(text: string): boolean {
  const url = parseGoUrl(text);
  return url !== undefined && url.scheme !== "";
}

function isReference(text: string): boolean {
  return parseGoUrl(text) !== undefined;
}

function isTemplate(text: string): boolean {
  const url = parseGoUrl(text);
  return url !== undefined && url.path.split("/").every((part) => /^[^{}]*(?:\{[^{}]*\}[^{}]*)*$/.test(part));
}

function isPointer(text: string): boolean {
  return text === "" || (text.startsWith("/") && !/~(?![~01])/.test(text));
}

const isRelativePointer = (parts: RegExpExecArray | null): boolean =>
  parts !== null && (parts[1] === "#" || isPointer(parts[1]!));
