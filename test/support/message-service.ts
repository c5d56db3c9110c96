import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** A request as it came in. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A service that takes messages over HTTP, or will not. */
export async function startMessageService(t: TestContext, status: number | "silent" | "endless" = 200) {
  const received: Received[] = [];
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += String(chunk);
    received.push({ method: req.method!, url: req.url!, headers: req.headers, body });
    if (status === "silent") return;
    res.writeHead(status === "endless" ? 200 : status, status === 302 ? { location: "http://127.0.0.1:1/" } : {});
    res.end(status === "endless" ? "x".repeat(1_000_000) : "{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
