import type { Call } from "../context.ts";

/** The header by which the console's own scripts are known: no form sends it, and no other site without being asked before. */
const consoleHeader = "x-ostiary-console";

/**
 * Whether a call that a browser's cookie speaks for was made by the console itself: by what the browser says of where it comes
 * from (Fetch Metadata), else by its Origin; and where it may change something, by a header of the console's too.
 */
export function isFromConsole({ headers, url }: Pick<Call, "headers" | "url">, changes: boolean): boolean {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  if (origin !== null && origin !== new URL(url).origin) return false;
  // Who types an address in has come from nowhere.
  if (site !== null && site !== "same-origin" && (changes || site !== "none")) return false;
  return !changes || Boolean(headers.get(consoleHeader));
}
