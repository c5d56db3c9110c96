import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** A call that somebody else's server has got. */
export interface GotCall {
  /** The method, and the address without its query: `GET api.github.com/user`. */
  readonly to: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What a server answers: JSON, a text by itself, or what is made of the call. */
export type StandInAnswer = object | string | ((call: GotCall) => object | string | Promise<object | string>);

/** A server that stands in for those of providers whose addresses are fixed. */
export interface StandIns {
  readonly rewriteUrl: (url: string) => string;
  readonly got: GotCall[];
  /** Answers calls to these addresses so, and to all others by 404; `httpStatus` in JSON is its status. */
  answer(answers: Readonly<Record<string, StandInAnswer>>): void;
}

/** Starts a server that stands in for all hosts of `https`. */
export async function startStandIns(t: TestContext): Promise<StandIns> {
  let answers: Readonly<Record<string, StandInAnswer>> = {};
  const got: GotCall[] = [];
  const server = createServer(async (req, res) => {
    const url = new URL(req.url!.slice(1).replace(/^/, "https://"));
    let body = "";
    for await (const chunk of req) body += String(chunk);
    const query = Object.fromEntries(url.searchParams);
    const call = { to: `${req.method} ${url.host}${url.pathname}`, query, headers: req.headers, body };
    got.push(call);
    const answer = answers[call.to];
    if (answer === undefined) return void res.writeHead(404).end();
    const said = typeof answer === "function" ? await answer(call) : answer;
    if (typeof said === "string") return void res.writeHead(200, { "content-type": "text/html" }).end(said);
    const { httpStatus = 200, ...json } = said as { httpStatus?: number };
    const text = JSON.stringify(Array.isArray(said) ? said : json);
    res.writeHead(httpStatus, { "content-type": "application/json" }).end(text);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    rewriteUrl: (url) => (url.startsWith("https://") ? here + url.slice("https://".length) : url),
    got,
    answer: (said) => void (answers = said),
  };
}
