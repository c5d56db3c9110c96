import { createBoundedCache } from "../bounded-cache.ts";
import type { ListenerConfig, TrustedProxiesConfig } from "../config/serve-config.ts";
import { isTrustedProxy } from "./client-address.ts";
import { peerOf } from "./http.ts";
import type { RequestHead } from "./http.ts";

const hostAndPort = /^(?:[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * The address under which a client has called, with a slash at its end: what a trusted proxy says of it, as Kratos takes it from
 * everybody. The word of others is not taken: in a text message, the domain says where its code may be filled in.
 */
export function publicAddress(
  req: RequestHead,
  { base_url: own, derived }: ListenerConfig,
  { networks }: TrustedProxiesConfig,
): string {
  if (!isTrustedProxy(networks, peerOf(req))) return own;
  const host = calledHost(req);
  if (host === undefined) return own;
  const said = first(req.headers["x-forwarded-proto"])?.toLowerCase();
  const scheme =
    said === "http" || said === "https"
      ? said
      : derived && "encrypted" in req.socket
        ? "https"
        : own.slice(0, own.indexOf(":"));
  return canonical(`${scheme}://${host.toLowerCase()}/`) || own;
}

// Whoever makes up names of hosts makes room by it for others.
const addresses = createBoundedCache<string, string>(256);

const longestAddress = 300;

/** A URL in the one way in which it is written; empty for what is none. */
function canonical(url: string): string {
  const known = addresses.get(url);
  if (known !== undefined) return known;
  const written = URL.canParse(url) ? new URL(url).href : "";
  return url.length > longestAddress ? written : addresses.set(url, written);
}

/** The name of the host that a client has called, in lower case and without a port: by the same word, or else by its own. */
export function hostNameOf(req: RequestHead, { networks }: TrustedProxiesConfig): string {
  const host = isTrustedProxy(networks, peerOf(req)) ? calledHost(req) : ownHost(req);
  return (host ?? "")
    .toLowerCase()
    .replace(/:\d{1,5}$/, "")
    .replace(/\.$/, "");
}

const ownHost = (req: RequestHead): string | undefined => first(req.headers[":authority"]) ?? first(req.headers.host);

function calledHost(req: RequestHead): string | undefined {
  const host = first(req.headers["x-forwarded-host"]) ?? ownHost(req);
  return host !== undefined && hostAndPort.test(host) ? host : undefined;
}

/** The first of several that proxies have put together: what the outermost one says. */
function first(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(",", 1)[0]!.trim() || undefined;
}
