import { isIP } from "node:net";
import { isUuid } from "../db/id.ts";

const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** What is wrong with a slug, in a sentence. */
export function faultOfSlug(slug: string): string | undefined {
  if (!slugPattern.test(slug)) return "A slug has 1 to 63 of a to z, 0 to 9 and -, and neither begins nor ends with -.";
  // The header x-tenant takes ids and slugs alike.
  return isUuid(slug) ? "A slug is not a UUID." : undefined;
}

/** What is wrong with the name of a host, in lower case, in a sentence. */
export function faultOfHost(host: string): string | undefined {
  const fits = host.length <= 253 && (isIP(host) > 0 || host.split(".").every((part) => label.test(part)));
  return fits
    ? undefined
    : `${JSON.stringify(host.slice(0, 80))} is not the name of a host: no scheme, port or path, names of other scripts in Punycode.`;
}
