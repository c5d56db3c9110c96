import { activeSpan, traced } from "../tracing/active-span.ts";
import type { ActiveSpan } from "../tracing/active-span.ts";

/**
 * Makes a call to another server, in a span. Of its address the host is told alone: paths and queries hold secrets often enough.
 */
export const tracedCall = <T>(method: string, url: URL, call: (span?: ActiveSpan) => Promise<T>): Promise<T> =>
  traced(
    method,
    {
      kind: "client",
      attributes: {
        "http.request.method": method,
        "url.scheme": url.protocol.slice(0, -1),
        "server.address": url.hostname,
        "server.port": Number(url.port || (url.protocol === "https:" ? 443 : 80)),
      },
    },
    call,
  );

/** By which headers the other server is told of the trace that a call belongs to. */
export const headersOfTrace = (): Readonly<Record<string, string>> => activeSpan()?.headers() ?? {};
