import { isIP } from "node:net";

/** The addresses that proxies report in a header, the last one first; what is no address stays as it was written. */
export function reportedAddresses(header: string, value: string): readonly string[] {
  const entries = value.split(",");
  const named = header.toLowerCase() === "forwarded" ? entries.map(forOf) : entries;
  return named
    .map(plainAddress)
    .filter((entry, at) => entry !== "" || at < entries.length - 1)
    .reverse();
}

/** The `for` of an element of RFC 7239: `for="[2001:db8::7]:443";proto=https`. */
const forOf = (element: string): string =>
  /(?:^|;)\s*for\s*=\s*(?:"([^"]*)"|([^;\s]*))/i
    .exec(element)
    ?.slice(1)
    .find((found) => found !== undefined) ?? "unknown";

/** An address as proxies write it, some with a port or brackets, in the one way in which limits compare them. */
export function plainAddress(text: string): string {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](?::\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
    .replace(/%.*$/, "");
  return isIP(bare) === 6 ? (mappedIpv4(bare) ?? bare) : bare;
}

/** The IPv4 address that one of IPv6 stands for (`::ffff:198.51.100.7`), as sockets that listen to both write it. */
function mappedIpv4(address: string): string | undefined {
  const [, high, low] =
    /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(new URL(`http://[${address}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const bytes = [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join(".");
}
