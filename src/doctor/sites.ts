import { getDomain } from "tldts";

/** The site that an address belongs to (HTML standard, "schemelessly same site"): the domain that somebody has registered, or the host. */
export function siteOf(url: URL): string {
  const host = url.hostname.toLowerCase();
  return getDomain(host, { allowPrivateDomains: true }) ?? host;
}

/** Whether browsers take two addresses for parts of one site, so that cookies of one travel with calls by pages of the other. */
export const isSameSite = (one: URL, other: URL): boolean =>
  one.protocol === other.protocol && siteOf(one) === siteOf(other);

/** Whether only this machine is meant. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host) || host.startsWith("unix:");
