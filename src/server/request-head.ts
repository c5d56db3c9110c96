import { mostHeaderBytes } from "./header-limits.ts";
import type { RequestHead } from "./http.ts";

/** Paths that a look shows to be such, which is quicker than making a URL. */
const ordinary = /^\/[\w.~/%?=&+-]*$/;

/** What browsers take for a slash, or leave out, and others do not (WHATWG URL, 4.4). */
const ambiguous = /[\\\p{Cc} ]/u;

/** A name or an address, and a port (RFC 3986, 3.2.2). */
const authority = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d{0,5})?$/i;

/** Headers that say one thing. Of two, those before this server may have taken the other one. */
const single: ReadonlySet<string> = new Set([
  "host",
  "content-type",
  "content-length",
  "authorization",
  "origin",
  "x-session-token",
]);
const lengths: readonly boolean[] = Array.from({ length: 16 }, (_, length) =>
  [...single].some((name) => name.length === length),
);

/** Whether the headers of HTTP/2 are more than are taken, which Node tells clients and does not see to; of HTTP/1.1 it does. */
export function isLongHead(req: RequestHead): boolean {
  if (!("stream" in req)) return false;
  let bytes = 0;
  for (const text of req.rawHeaders) bytes += text.length;
  return bytes > mostHeaderBytes;
}

/** Whether a request begins as everybody would understand it: the path that it asks for, the server that it means, and who asks. */
export const isSound = (req: RequestHead): boolean =>
  isPath(req.url ?? "/") && namesOneServer(req) && !repeats(req.rawHeaders);

// What is no path (`OPTIONS *`, a name alone, brackets out of place) is for proxies, or for nobody. A whole address has become one before.
function isPath(target: string): boolean {
  if (ordinary.test(target)) return true;
  return (
    target.startsWith("/") && !ambiguous.test(target.split("?", 1)[0]!) && URL.canParse(target, "http://localhost")
  );
}

/** Over HTTP/2 a header beside `:authority` may only say the same (RFC 9113, 8.3.1). */
function namesOneServer({ headers }: RequestHead): boolean {
  const { host, ":authority": named } = headers as { readonly host?: string; readonly ":authority"?: string };
  return authority.test(named ?? host ?? "") && (host === undefined || named === undefined || host === named);
}

function repeats(raw: readonly string[]): boolean {
  let seen: string[] | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    // Its length alone rules most names out.
    if (!lengths[raw[at]!.length]) continue;
    const name = raw[at]!.toLowerCase();
    if (!single.has(name)) continue;
    if (seen?.includes(name)) return true;
    (seen ??= []).push(name);
  }
  return false;
}
