import { BlockList, isIP } from "node:net";
import { createBoundedCache } from "../bounded-cache.ts";
import type { Config } from "../config/config.ts";
import type { Call, Context } from "../context.ts";
import type { Log } from "../log.ts";
import { plainAddress, reportedAddresses } from "./reported-addresses.ts";

type Asked = Pick<Context, "config" | "log"> & { readonly call: Pick<Call, "headers" | "peer"> };

/** Networks that nobody reaches from outside, unless by way of a proxy. */
const inner = [
  "127.0.0.0/8",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "::1",
  "fc00::/7",
  "fe80::/10",
  "unix",
];
const nobody: readonly string[] = [];

/**
 * The address of who is behind a call: the other end of the connection, or where that is a trusted proxy, what it
 * reports. Of a list of reports the last one counts that no trusted proxy stands for: all before it may be made up. Empty
 * for a socket of this machine whose other end names nobody.
 */
export function clientAddress({ config, call, log }: Asked): string {
  const { networks: named, header } = config.serve.trusted_proxies;
  const networks = named ?? nobody;
  const value = call.headers.get(header) ?? "";
  if (!isTrusted(networks, call.peer)) {
    if (value && !named)
      tellOnce(
        config,
        log,
        "calls come with the header of a proxy that is not named in serve.trusted_proxies: all its clients count as one",
        { header, peer: call.peer || "unix" },
      );
    return call.peer;
  }
  const reported = reportedAddresses(header, value);
  if (!reported.length)
    tellOnce(config, log, "a proxy of serve.trusted_proxies names no clients: all that come by it count as one", {
      header,
      peer: call.peer || "unix",
    });
  const stranger = reported.findIndex((address) => !isTrusted(networks, address) || address === "");
  if (stranger < 0) return reported.at(-1) ?? call.peer;
  // What is no address tells nothing, and nothing before it can be believed.
  return isIP(reported[stranger]!) ? reported[stranger]! : reported[stranger - 1] || call.peer;
}

/**
 * By what limits tell clients apart: an IPv4 address, or the network (/64) of an IPv6 address, which one person owns as a
 * whole. Whoever stands behind a proxy that does not say so counts as the proxy: otherwise nobody would be counted.
 */
export function clientNetwork(asked: Asked): string {
  const address = clientAddress(asked);
  return isIP(address) === 6 ? network64(address) : address || "unix";
}

/** Whether a call comes from the developer's own machine, straight to a server that runs in development. */
export function isDeveloper({ config, call }: Asked): boolean {
  const { networks, header } = config.serve.trusted_proxies;
  const local = call.peer === "" || call.peer === "::1" || call.peer.startsWith("127.");
  return config.dev && networks === undefined && local && !call.headers.get(header);
}

/**
 * Whether an address is that of a proxy whose word on the address that was called is taken. Where none is named, inner
 * networks are: that word decides where links lead, but lets nobody pass for many.
 */
export const isTrustedProxy = (networks: Networks, address: string): boolean => isTrusted(networks ?? inner, address);

type Networks = Config["serve"]["trusted_proxies"]["networks"];

// Who calls once, calls again: to look an address up in a list of networks costs as much as to read a small row.
const mostAddresses = 4096;
const longestAddress = 45;
const judges = new WeakMap<readonly string[], (address: string) => boolean>();

function judgeOf(networks: readonly string[]): (address: string) => boolean {
  let judge = judges.get(networks);
  if (!judge) {
    const list = new BlockList();
    const known = createBoundedCache<string, boolean>(mostAddresses);
    const look = (address: string) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
    judge = (address) =>
      address.length > longestAddress ? look(address) : (known.get(address) ?? known.set(address, look(address)));
    judges.set(networks, judge);
    for (const network of networks.filter((one) => one !== "unix")) {
      const [address = "", bits] = network.split("/");
      const family = isIP(address) === 6 ? "ipv6" : "ipv4";
      list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
    }
  }
  return judge;
}

/** Who comes by a socket of this machine has no address. */
function isTrusted(networks: readonly string[], address: string): boolean {
  if (address === "") return networks.includes("unix");
  return judgeOf(networks)(address);
}

const told = new WeakMap<object, Set<string>>();

/** Says a thing once for each configuration: an operator has to learn of it, and need not with each call. */
function tellOnce({ serve }: Config, log: Log, event: string, fields: Record<string, unknown>): void {
  const events = told.get(serve.trusted_proxies) ?? new Set();
  if (events.has(event)) return;
  told.set(serve.trusted_proxies, events.add(event));
  log.warn(event, fields);
}

function network64(address: string): string {
  // A URL spells an address in the one way of RFC 5952.
  const [left = "", right] = new URL(`http://[${plainAddress(address)}]`).hostname.slice(1, -1).split("::");
  const groups = left ? left.split(":") : [];
  const tail = right ? right.split(":") : [];
  const all =
    right === undefined ? groups : [...groups, ...Array<string>(8 - groups.length - tail.length).fill("0"), ...tail];
  return `${all.slice(0, 4).join(":")}::/64`;
}
