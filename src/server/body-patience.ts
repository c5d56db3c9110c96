import type { IncomingMessage, ServerResponse } from "node:http";
import { countRefused } from "./count-refused.ts";

const wait = Symbol("waits for a body for as long as it comes");

/** A request of HTTP/1.1 whose body may be waited for. */
type Limited = IncomingMessage & { [wait]?: () => void };

/** Gives the body of a request as much time as it takes: how long nothing may come is for whoever reads it to say. */
export function releaseBodyPatience(req: IncomingMessage): void {
  (req as Limited)[wait]?.();
}

/** Gives the body of a request of HTTP/1.1 so long to come. Node's own limit knows no exceptions. */
export function limitBody(req: Limited, res: ServerResponse, patienceMs: number): void {
  const timer = setTimeout(() => !req.complete && refuseLate(req, res), patienceMs).unref();
  req[wait] = () => clearTimeout(timer);
  // An answer may be over before its request is.
  res.once("close", () => req.complete && clearTimeout(timer));
}

function refuseLate(req: IncomingMessage, res: ServerResponse): void {
  countRefused("late");
  if (res.headersSent) return void req.destroy();
  res.shouldKeepAlive = false;
  res.once("finish", () => req.destroy());
  res.writeHead(408).end();
}
