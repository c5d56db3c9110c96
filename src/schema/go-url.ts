import { isIPv6 } from "node:net";

/** A URL or a reference to one, taken apart as Go's net/url does, which takes more than the URLs of browsers. */
export interface GoUrl {
  /** Empty for a reference. */
  readonly scheme: string;
  readonly path: string;
}

const badEscape = /%(?![0-9a-f]{2})/i;
// What stands for itself in the name of a host; its escapes are those of letters beyond ASCII, and of the percent sign.
const hostname = /^(?:[\w\-.~!$&'()*+,;=:\]<>"\u0080-\u{10ffff}]|%(?:25|[89a-f][0-9a-f]))*$/iu;
const userInfo = /^[\w\-.:~!$&'()*+,;=%@]*$/;

/** Reads a URL or a reference; undefined for what is neither. */
export function parseGoUrl(text: string): GoUrl | undefined {
  const hash = text.indexOf("#");
  const [main, fragment] = hash < 0 ? [text, ""] : [text.slice(0, hash), text.slice(hash + 1)];
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(main) || badEscape.test(fragment) || main.startsWith(":")) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(main)?.[1] ?? "";
  const rest = (scheme ? main.slice(scheme.length + 1) : main).split("?")[0]!;
  if (!rest.startsWith("/")) {
    if (scheme) return { scheme, path: "" };
    return rest.split("/")[0]!.includes(":") || badEscape.test(rest) ? undefined : { scheme, path: rest };
  }
  const hasAuthority = rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"));
  const end = hasAuthority ? rest.indexOf("/", 2) : 0;
  const path = end < 0 ? "" : rest.slice(end);
  if (
    badEscape.test(path) ||
    (hasAuthority && !isAuthority(rest.slice(2, end < 0 ? undefined : end), /^https?$/i.test(scheme)))
  )
    return undefined;
  return { scheme, path };
}

function isAuthority(text: string, web: boolean): boolean {
  const at = text.lastIndexOf("@");
  const user = text.slice(0, Math.max(at, 0));
  if (!userInfo.test(user) || badEscape.test(user)) return false;
  const place = text.slice(at + 1);
  if (place.startsWith("[")) {
    const [, address = "", zone = ""] = /^\[([^%\]]*)(?:%25(.+))?\](?::\d*)?$/.exec(place) ?? [];
    return isIPv6(address) && hostname.test(zone);
  }
  const colon = place.lastIndexOf(":");
  const name = colon < 0 ? place : place.slice(0, colon);
  // Of the web alone an address without brackets is known to be none.
  return /^(?::\d*)?$/.test(place.slice(name.length)) && hostname.test(name) && !(web && name.includes(":"));
}
