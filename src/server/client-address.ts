import { BlockList, isIP } from "node:net";
import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";

type Asked = Pick<Context, "config" | "call">;

/**
 * The address of who is behind a call: the other end of the connection, or where that is a trusted proxy, what it
 * reports. Of a list of reports the last one counts that no trusted proxy stands for: all before it may be made up.
 */
export function clientAddress({ config, call }: Asked): string {
  const { networks, header } = config.serve.trusted_proxies;
  const trusted = trustedOf(networks);
  if (!isTrusted(trusted, call.peer)) return call.peer;
  const reported = (call.headers.get(header) ?? "").split(",").map(plain).reverse();
  const stranger = reported.findIndex((address) => isIP(address) === 0 || !isTrusted(trusted, address));
  if (stranger < 0) return reported.at(-1) || call.peer;
  // What is no address tells nothing, and nothing before it can be believed.
  return isIP(reported[stranger]!) ? reported[stranger]! : reported[stranger - 1] || call.peer;
}

/**
 * By what limits tell clients apart: an IPv4 address, or the network (/64) of an IPv6 address, which one person owns as a
 * whole. Undefined where a proxy does not report whom it stands for.
 */
export function clientNetwork(asked: Asked): string | undefined {
  const address = clientAddress(asked);
  if (isIP(address) === 0 || isTrusted(trustedOf(asked.config.serve.trusted_proxies.networks), address)) return undefined;
  return isIP(address) === 6 ? network64(address) : address;
}

/** Whether an address is that of a proxy whose word is taken. */
export const isTrustedProxy = (networks: Networks, address: string): boolean => isTrusted(trustedOf(networks), address);

type Networks = Config["serve"]["trusted_proxies"]["networks"];

const lists = new WeakMap<Networks, BlockList>();

function trustedOf(networks: Networks): BlockList {
  let list = lists.get(networks);
  if (!list) {
    lists.set(networks, (list = new BlockList()));
    for (const network of networks) {
      const [address = "", bits] = network.split("/");
      const family = isIP(address) === 6 ? "ipv6" : "ipv4";
      list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
    }
  }
  return list;
}

/** Who comes by a socket of this machine has no address; only a proxy does that. */
const isTrusted = (trusted: BlockList, address: string): boolean =>
  address === "" || (isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"));

/** An address as proxies write it: some add a port, or brackets. */
const plain = (text: string): string =>
  text.trim().replace(/^\[([^\]]*)\](?::\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1").replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");

function network64(address: string): string {
  // A URL spells an address in the one way of RFC 5952.
  const [left = "", right] = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1).split("::");
  const groups = left ? left.split(":") : [];
  const tail = right ? right.split(":") : [];
  const all = right === undefined ? groups : [...groups, ...Array<string>(8 - groups.length - tail.length).fill("0"), ...tail];
  return `${all.slice(0, 4).join(":")}::/64`;
}
