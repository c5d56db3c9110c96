import { lookup as resolve } from "node:dns";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import { isPrivateAddress } from "./private-address.ts";

/** An address that calls must not go to. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";

  constructor(host: string) {
    super(`${host} is a private address, or leads to one, and calls to those are switched off.`);
  }
}

/** Whether a URL may lead to private addresses, by the configuration's limits on HTTP calls. */
export const mayBePrivate = (
  url: URL,
  { disallow_private_ip_ranges: forbidden, private_ip_exception_urls: exceptions }: ClientsConfig["http"],
): boolean => !forbidden || exceptions.some((pattern) => matches(pattern, url.href));

function matches(pattern: string, url: string): boolean {
  const literal = pattern.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`).test(url);
}

/** Refuses a host that is written as a private address; one that is a name is judged by what it resolves to. */
export function refusePrivateHost(host: string): void {
  const bare = host.replace(/^\[|\]$/g, "");
  if (isIP(bare) && isPrivateAddress(bare)) throw new AddressRefused(host);
}

/** Resolves a name and refuses it if any of its addresses is private: the addresses judged are the ones connected to. */
export const guardedLookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, [], 0);
    if (addresses.length === 0 || addresses.some(({ address }) => isPrivateAddress(address)))
      return done(new AddressRefused(host), [], 0);
    if (options.all) return done(null, addresses);
    return done(null, addresses[0]!.address, addresses[0]!.family);
  });
};
