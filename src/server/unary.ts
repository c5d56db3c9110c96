import { Problem } from "../errors.ts";
import { collect } from "../rest/body.ts";
import { toConnectError } from "./connect-error.ts";
import { dropUnread, isGone, pathOf } from "./http.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { answerUnary, answerUnaryError } from "./unary-answer.ts";
import { carryOut, plainCall, refusalOf, tooLarge, unaryRoutesOf, unreadable } from "./unary-call.ts";
import type { PlainCall, UnaryOptions } from "./unary-call.ts";
import { largestBodyOf, readUnaryRequest, unwrap } from "./unary-request.ts";
import type { UnaryRequest } from "./unary-request.ts";

/**
 * A short way for unary calls. What is none by its headers is left to Connect's handlers, which know every corner of the
 * protocols, but take for a fault of the server what the client wrote badly. Returns nothing where it leaves a request.
 */
export function createUnaryPath(options: UnaryOptions) {
  const routes = unaryRoutesOf(options);
  return function handle(req: HttpRequest, res: HttpResponse): Promise<void> | undefined {
    const route = routes.get(pathOf(req));
    const asked = route && readUnaryRequest(req, route.method);
    if (!asked) return undefined;
    const tenant = options.tenantOf(req);
    if (tenant instanceof Problem) {
      options.refused?.(route.method, asked.encoding, tenant);
      return refuse(req, res, asked, tenant);
    }
    const plain = plainCall(options, { route, asked, tenant, head: req });
    const shut = refusalOf(options, plain);
    if (!shut) return receive(options, plain, req, res);
    return shut.then((refused) => {
      if (!refused) return receive(options, plain, req, res);
      dropUnread(req, res);
      if (!res.destroyed) answerUnaryError(res, asked.encoding, refused.error!, refused.said);
    });
  };
}

/** Reads the message, and answers the call. */
async function receive(options: UnaryOptions, plain: PlainCall, req: HttpRequest, res: HttpResponse): Promise<void> {
  const { route, asked } = plain;
  // Of a body that is too long, or breaks off, nothing is left.
  const body = asked.message ?? (await collect(req, largestBodyOf(route.mostBytes, asked)).catch(() => undefined));
  if (isGone(req)) return;
  const message = body ? await unwrap(body, route.mostBytes, asked) : "too large";
  if (typeof message === "string") {
    const refusal = message === "too large" ? tooLarge(route.mostBytes) : unreadable(message);
    options.refused?.(route.method, asked.encoding, refusal);
    return refuse(req, res, asked, refusal);
  }
  const outcome = await carryOut(options, plain, message);
  if (res.destroyed) return;
  if (outcome.error) answerUnaryError(res, asked.encoding, outcome.error, outcome.said);
  else answerUnary(res, asked.encoding, outcome.message!, outcome.said);
}

async function refuse(
  req: HttpRequest,
  res: HttpResponse,
  { encoding }: UnaryRequest,
  refusal: Problem,
): Promise<void> {
  dropUnread(req, res);
  answerUnaryError(res, encoding, toConnectError(refusal), undefined);
}
