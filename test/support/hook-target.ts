import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { ConfigTree } from "./config.ts";

/** A program that sends all it is told. */
export const everything = "function(ctx) ctx";

/** A call that was made. */
export interface Called {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server of an operator's that answers what it is told to. */
export async function startTarget(
  t: TestContext,
  answers: readonly { status: number; body?: unknown }[] = [{ status: 204 }],
) {
  const called: Called[] = [];
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += String(chunk);
    const answer = answers[Math.min(called.length, answers.length - 1)]!;
    called.push({ path: req.url!, method: req.method!, headers: req.headers, body });
    res
      .writeHead(answer.status)
      .end(
        answer.body === undefined ? "" : typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body),
      );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  return { called, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

/** A hook that calls it. */
export const hook = (url: string, config: ConfigTree = {}, program = everything) => ({
  hook: "web_hook",
  config: { url, method: "POST", body: `base64://${Buffer.from(program).toString("base64")}`, ...config },
});
