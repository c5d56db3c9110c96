import type { ServerResponse } from "node:http";
import { ErrorReason, problem } from "../errors.ts";
import { problemToRest } from "../rest/error.ts";
import { countRefused } from "./count-refused.ts";
import type { HttpResponse } from "./http.ts";

const { status, text } = problemToRest(problem(ErrorReason.OVERLOADED));
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text), "retry-after": "1" };

/** Answers a request before anybody has looked at it: there are too many. */
export function refuseOverload(res: HttpResponse): void {
  countRefused("overload");
  (res as ServerResponse).writeHead(status, headers).end(text);
}
