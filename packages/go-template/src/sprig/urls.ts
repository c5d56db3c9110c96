import { fixedArity, isMap, own, show, type TemplateFunction } from "../values.ts";
import { texts } from "./texts-of.ts";

// RFC 3986, appendix B.
const parts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^@/?#]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/;

/** Sprig's functions on URLs. */
export const urlFunctions: Readonly<Record<string, TemplateFunction>> = fixedArity({
  urlParse: texts(urlParts),
  urlJoin: (map) => urlOf(map),
});

function urlParts(text: string): Record<string, string> {
  const [, scheme = "", userinfo = "", host = "", path = "", query = "", fragment = ""] = parts.exec(text) ?? [];
  // What follows `mailto:` is no path.
  const isOpaque = scheme !== "" && host === "" && !path.startsWith("/");
  const hostname = host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
  const [ownPath, opaque] = isOpaque ? ["", path] : [decoded(path), ""];
  return {
    scheme: scheme.toLowerCase(),
    host,
    hostname,
    path: ownPath,
    query,
    opaque,
    fragment: decoded(fragment),
    userinfo,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("urlParse cannot decode this URL");
  }
}

function urlOf(map: unknown): string {
  const part = (name: string): string => (isMap(map) ? show(own(map, name)) : "");
  const [scheme, userinfo, host, opaque, query, fragment] = [
    "scheme",
    "userinfo",
    "host",
    "opaque",
    "query",
    "fragment",
  ].map(part);
  const before = `${scheme ? `${scheme}:` : ""}${host ? `//${userinfo ? `${userinfo}@` : ""}${host}` : ""}`;
  return `${before}${opaque ?? ""}${encodeURI(part("path"))}${query ? `?${query}` : ""}${fragment ? `#${encodeURI(fragment)}` : ""}`;
}
