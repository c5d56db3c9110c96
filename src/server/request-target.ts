import type { HttpRequest } from "./http.ts";

const absolute = /^https?:\/\/([^/?#]*)([^#]*)$/i;

/**
 * Takes a request whose target is a whole address (HTTP/1.1, RFC 9112, 3.2.2) for the one of the path and the host that it names;
 * what its header says of the host is not looked at, as the RFC wants it.
 */
export function readTarget(req: HttpRequest): void {
  const { url = "/" } = req;
  if (url.startsWith("/") || "stream" in req) return;
  const [, host, rest = ""] = absolute.exec(url) ?? [];
  if (!host) return;
  req.headers.host = host;
  req.url = rest.startsWith("/") ? rest : `/${rest}`;
}
