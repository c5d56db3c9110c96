import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { ConnectError } from "@connectrpc/connect";
import { Problem } from "../errors.ts";
import type { Log } from "../log.ts";
import { collect } from "../rest/body.ts";
import { refuseBody } from "./bodies.ts";
import { toConnectError } from "./connect-error.ts";
import { dropUnreadOf, refuseLate } from "./http.ts";
import type { RequestHead } from "./http.ts";
import type { StreamCall, TakeStream } from "./http2.ts";
import { isLongHead, isSound } from "./request-head.ts";
import { enveloped, fine, trailersOf } from "./unary-answer.ts";
import { carryOut, plainCall, refusalOf, tooLarge, unaryRoutesOf, unreadable } from "./unary-call.ts";
import type { UnaryOptions, UnaryRoute } from "./unary-call.ts";
import { largestBodyOf, messageIn, readUnaryRequest } from "./unary-request.ts";
import type { UnaryRequest } from "./unary-request.ts";

/** What the way of a gRPC call needs. */
export interface GrpcStreamOptions extends UnaryOptions {
  /** Finds out whose accounts a request is about; undefined where that is known. */
  resolve(head: RequestHead): Promise<void> | undefined;
  readonly log: Log;
}

type Trailers = Record<string, string | string[]>;

const withTrailers = { waitForTrailers: true };
const headOf = (binary: boolean) => ({
  ":status": 200,
  "content-type": `application/grpc+${binary ? "proto" : "json"}`,
});
// Most answers have no others: a list is read faster than an object.
const heads = { proto: listed(headOf(true)), json: listed(headOf(false)) };

function listed(head: ReturnType<typeof headOf>): string[] {
  return Object.entries(head).flatMap(([name, value]) => [name, String(value)]);
}

/**
 * The shortest way for unary calls of gRPC itself: on streams of HTTP/2 as they are. What is compressed, sent by a browser, or not written as
 * it should be, is left to the longer ways, and so is everything while access is logged.
 */
export function takeGrpcStreams(options: GrpcStreamOptions): TakeStream {
  const routes = unaryRoutesOf(options);
  return (stream, headers, rawHeaders) => {
    const route = routes.get(headers[":path"] ?? "");
    if (!route || headers.origin !== undefined || headers.expect !== undefined || !options.log.withoutDebug)
      return undefined;
    const head = new StreamHead(stream, headers, rawHeaders);
    const asked = readUnaryRequest(head, route.method);
    if (asked?.encoding.protocol !== "grpc" || asked.compressed || isLongHead(head) || !isSound(head)) return undefined;
    return new GrpcCall(options, route, asked, head);
  };
}

/** The head of a request on a stream. */
class StreamHead implements RequestHead {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: string[];

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]) {
    this.stream = stream;
    this.headers = headers;
    this.rawHeaders = rawHeaders;
  }

  get method(): string | undefined {
    return this.headers[":method"];
  }

  get url(): string | undefined {
    return this.headers[":path"];
  }

  get socket(): RequestHead["socket"] {
    return this.stream.session?.socket ?? {};
  }
}

class GrpcCall implements StreamCall {
  private readonly options: GrpcStreamOptions;
  private readonly route: UnaryRoute;
  private readonly asked: UnaryRequest;
  private readonly head: StreamHead;

  constructor(options: GrpcStreamOptions, route: UnaryRoute, asked: UnaryRequest, head: StreamHead) {
    this.options = options;
    this.route = route;
    this.asked = asked;
    this.head = head;
  }

  isAnswered(): boolean {
    return this.head.stream.writableEnded;
  }

  refuseLate(): void {
    refuseLate(...this.inWhole());
  }

  refuseBody(): void {
    refuseBody(...this.inWhole());
  }

  async begin(): Promise<void> {
    const { options, route, asked, head } = this;
    const { stream } = head;
    const unknown = options.resolve(head);
    if (unknown) await unknown;
    const tenant = options.tenantOf(head);
    if (tenant instanceof Problem) return this.refuse(tenant);
    const plain = plainCall(options, { route, asked, tenant, head });
    const shut = refusalOf(options, plain);
    const refused = shut && (await shut);
    if (refused) return this.refuseWith(refused.error!, refused.said);
    // Of a body that is too long, or breaks off, nothing is left.
    const body = await collect(stream, largestBodyOf(route.mostBytes, asked)).catch(() => undefined);
    if (isOver(stream)) return;
    const message = body ? messageIn(body, route.mostBytes, asked) : "too large";
    if (typeof message === "string")
      return this.refuse(message === "too large" ? tooLarge(route.mostBytes) : unreadable(message));
    const outcome = await carryOut(options, plain, message);
    if (isOver(stream)) return;
    if (outcome.error) this.answer(trailersOf(outcome.error), outcome.said);
    else this.answer(fine, outcome.said, enveloped(outcome.message!));
  }

  private refuse(refusal: Problem): void {
    this.options.refused?.(this.route.method, this.asked.encoding, refusal);
    this.refuseWith(toConnectError(refusal), undefined);
  }

  private refuseWith(error: ConnectError, said: Readonly<Trailers> | undefined): void {
    const { stream } = this.head;
    if (isOver(stream)) return;
    dropUnreadOf(stream);
    this.answer(trailersOf(error), said);
  }

  private answer(trailers: Trailers, said: Readonly<Trailers> | undefined, body?: Buffer): void {
    const { stream } = this.head;
    const { binary } = this.asked.encoding;
    // A call that fails is told so by its headers alone: after those of an answer no client of gRPC's would make it again.
    if (!body) return stream.respond({ ...headOf(binary), ...said, ...trailers }, { endStream: true });
    stream.respond(said ? { ...headOf(binary), ...said } : binary ? heads.proto : heads.json, withTrailers);
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    stream.end(body);
  }

  /** Node's own request and response, for what is rarely said. */
  private inWhole(): [Http2ServerRequest, Http2ServerResponse] {
    const { stream, headers, rawHeaders } = this.head;
    return [new Http2ServerRequest(stream, headers, {}, rawHeaders), new Http2ServerResponse(stream)];
  }
}

const isOver = (stream: ServerHttp2Stream): boolean => stream.closed || stream.destroyed;
