import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Whether a pattern's asterisk lets in whole domains of strangers, as in `https://*`, `https://*.co.uk` and `https://*example.org`. */
export function isUnsafeWildcard(pattern: string): boolean {
  const star = pattern.indexOf("*");
  // The asterisk alone is a setting of its own, which lets no cookies through.
  if (star < 0 || pattern === "*") return false;
  // What stands before the first dot is the end of a label whose beginning anybody may choose.
  const domain = /^[^./:]*\.([^/:]*)/.exec(pattern.slice(star + 1))?.[1] ?? "";
  return domain !== "localhost" && (!domain.includes(".") || isPublicSuffix(domain));
}

/** Whether anybody may register names below a domain (publicsuffix.org). The list is read only by those who need it: it takes 15 ms. */
function isPublicSuffix(domain: string): boolean {
  const { getPublicSuffix } = require("tldts") as typeof import("tldts");
  return getPublicSuffix(domain, { allowPrivateDomains: true }) === domain.toLowerCase();
}

/** Whether an origin is the one on the list, or fits its asterisk. The asterisk alone fits every origin. */
export function fitsOrigin(pattern: string, origin: string): boolean {
  const asked = origin.toLowerCase();
  const allowed = pattern.toLowerCase().replace(/\/$/, "");
  const star = allowed.indexOf("*");
  if (star < 0) return allowed === asked;
  const [before, after] = [allowed.slice(0, star), allowed.slice(star + 1)];
  return asked.length > before.length + after.length && asked.startsWith(before) && asked.endsWith(after);
}
