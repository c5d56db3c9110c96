import type { Call } from "../context.ts";

/** The header by which the console's own scripts are known: no form sends it, and no other site without being asked before. */
const consoleHeader = "x-ostiary-console";

/**
 * Whether a call that a browser's cookie speaks for was made by the console itself: by what the browser says of where it comes
 * from (Fetch Metadata), or where it says nothing by its Origin; and where it may change something, by a header of the console's.
 */
export function isFromConsole({ headers, url }: Pick<Call, "headers" | "url">, changes: boolean): boolean {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  // Who types an address in has come from nowhere. A proxy that passes the server off as another host would make the Origin a stranger's.
  const isOwn =
    site === null
      ? origin === null || origin === new URL(url).origin
      : site === "same-origin" || (site === "none" && !changes);
  return isOwn && (!changes || Boolean(headers.get(consoleHeader)));
}
