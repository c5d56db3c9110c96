import { BlockList, isIP } from "node:net";

// What the registries of IANA (RFC 6890) keep from the public internet, and group addresses.
const ipv4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
// Those that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) are all kept out: the address within may be anything.
const ipv6 = [
  "::/96",
  "::ffff:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "fc00::/7",
  "fe80::/9",
  "ff00::/8",
];

// A list of each, since a range of mapped addresses in a list of both would hold every IPv4 address.
const blockedIpv4 = blocking(ipv4, "ipv4");
const blockedIpv6 = blocking(ipv6, "ipv6");

function blocking(ranges: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, bits] = range.split("/");
    list.addSubnet(network!, Number(bits), family);
  }
  return list;
}

/** Whether an IP address is not of the public internet: loopback, private, link-local, reserved, group. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  // A mapped address is judged as the one that it stands for.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped || family === 4) return blockedIpv4.check(mapped ?? address, "ipv4");
  return blockedIpv6.check(address, "ipv6");
}
