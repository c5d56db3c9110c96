import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Json } from "./client.ts";

/** An event that somebody was sent. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  /** As it came, which is what is signed. */
  readonly text: string;
  readonly body: Json;
}

/** What a receiver answers: a status by itself, or whatever it does with the answer; `hang` never answers. */
export type Answer = number | "hang" | ((res: ServerResponse, received: Received) => unknown);

/** A server that is told of events. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Answers so from now on. */
  answer(how: Answer): void;
  /** Waits until it has received what is meant; fails when that takes longer than a minute. */
  until(isThere: (received: readonly Received[]) => boolean): Promise<void>;
  /** Drops whoever waits. */
  drop(): void;
}

/** Starts a server that is told of events, on any port unless one is meant. */
export async function startReceiver(t: TestContext, first: Answer = 204, port = 0): Promise<Receiver> {
  let how = first;
  const received: Received[] = [];
  const server = createServer(async (req, res) => {
    let text = "";
    for await (const chunk of req) text += String(chunk);
    const one = { headers: req.headers, text, body: JSON.parse(text) as Json };
    received.push(one);
    if (how === "hang") return;
    if (typeof how === "number") res.writeHead(how).end();
    else await how(res, one);
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    received,
    answer: (next) => void (how = next),
    async until(isThere) {
      const end = Date.now() + 60_000;
      while (!isThere(received)) {
        if (Date.now() > end)
          throw new Error(`not received: ${received.map(({ body }) => String(body.type)).join(", ") || "nothing"}`);
        await pause(10);
      }
    },
    drop: () => server.closeAllConnections(),
  };
}
