import { create } from "@bufbuild/protobuf";
import type {
  DescMessage,
  DescMethod,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
} from "@bufbuild/protobuf";
import { Problem } from "../errors.ts";
import type { ServedTenant } from "../tenant.ts";
import { BodyError } from "./body-error.ts";
import { brokenOff } from "./body.ts";
import { callOf } from "./call.ts";
import type { HttpRequest, HttpResponse, RestCall } from "./call.ts";
import { DecodeError, decodeField } from "./decode.ts";
import type { Received } from "./json-lines.ts";
import { readBody, readParameters } from "./read-request.ts";
import { assertLines, messagesOf } from "./receive-lines.ts";
import { replyHeaders } from "./reply-headers.ts";
import { respond, respondError, respondRefusal } from "./respond.ts";
import { respondStream } from "./respond-stream.ts";
import { createRouter } from "./route.ts";
import type { Match } from "./route.ts";
import { send, type Exchange } from "./send.ts";
import { acceptsEvents } from "./server-sent-events.ts";

/** What a gateway serves, and by what. */
export interface GatewayOptions {
  readonly services: readonly DescService[];
  dispatch(method: DescMethodUnary, request: Message, call: RestCall): Promise<MessageInitShape<DescMessage>>;
  /** How streams are answered; without it their calls are not served. */
  readonly streams?: GatewayStreams;
  /** How bodies without end are taken; without it their calls are not served. */
  readonly bodies?: GatewayBodies;
  /** Refuses who may not make a call, before its body is read; nothing where nobody has to be asked. */
  admit?(method: DescMethod, call: RestCall): Promise<unknown> | undefined;
  /** The URL under which whoever sent a request knows this port. */
  baseUrl(req: HttpRequest): string;
  /** Whose accounts a request is about, or why it is not looked at. */
  tenantOf(req: HttpRequest): ServedTenant | Problem;
  /** What every path may begin with, and need not. */
  readonly prefix?: string;
  /** How many bytes a call's body may have. */
  maxBodyBytes(method: DescMethod): number;
  /** Deals with what nobody reads of a request, once it is answered. */
  dropUnread(req: HttpRequest, res: HttpResponse): void;
  /** Whether nobody waits for an answer any more. */
  isGone(req: HttpRequest): boolean;
  /** The error for a body or a parameter that does not fit the contract. */
  badRequest(reason: string, kind: BodyError["kind"], strict: boolean): Problem;
  /** The error that clients are told; of what nobody expected the log is told alone. */
  known(method: DescMethod, error: unknown): Problem;
  /** Does what answers a call, which tells what the call was refused with, and watches it. */
  watch?(watched: WatchedCall, answer: () => Promise<Problem | undefined>): Promise<unknown>;
  /** Hears of each request once it is answered. */
  answered?(answered: Answered): void;
  /** Hears of a request that was refused before it was dispatched: with a problem, or a plain status; no method has a path that is not served. */
  refused?(method: DescMethod | undefined, refusal: Problem | number): void;
  /** The error for an unsafe request to a path that takes none; without it they are answered as any other. */
  refuseUnknown?(path: string): Problem | undefined;
}

/** How a gateway takes bodies that are streams of messages, one a line. */
export interface GatewayBodies {
  /** Answers with what came of it. */
  receive(
    method: DescMethodClientStreaming,
    messages: () => AsyncIterable<Received>,
    call: RestCall,
    gone: AbortSignal,
  ): Promise<MessageInitShape<DescMessage>>;
  /** Lets a body come for as long as it does. */
  letCome(req: HttpRequest): void;
  /** How many bytes a line may have. */
  mostBytes(method: DescMethod): number;
}

/** A request that was answered. */
export interface Answered {
  /** As it came, in capitals. */
  readonly method: string | undefined;
  /** The path of its route, as the contract writes it; undefined where it has none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

/** A call on its way to its answer. */
export interface WatchedCall {
  readonly call: RestCall;
  readonly route: Match["route"];
  readonly exchange: Exchange;
}

/** How a gateway answers with streams. */
export interface GatewayStreams {
  /** Opens one, until its client has gone. */
  open(
    method: DescMethodServerStreaming,
    request: Message,
    call: RestCall,
    gone: AbortSignal,
  ): AsyncIterable<MessageInitShape<DescMessage>>;
  /** Hears that the answer has begun, and has no end. */
  begun(res: HttpResponse): void;
  /** Watches a reader who has to take something, until what it answers with is called. */
  watchReader(res: HttpResponse): () => void;
}

const unsafe = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Serves the calls that carry a google.api.http annotation as REST. Knows nothing of what they are about. */
export function createRestGateway(options: GatewayOptions) {
  const router = createRouter(options.services, options.bodies ? ["unary", "client_streaming"] : ["unary"]);
  const streams = options.streams && createRouter(options.services, ["server_streaming"]);

  const matchOf = ({ method = "GET", headers }: HttpRequest, path: string): Match | undefined =>
    (method === "GET" && acceptsEvents(headers.accept) && streams?.match(method, path)) ||
    router.match(method === "HEAD" ? "GET" : method, path);

  function stream(exchange: Exchange, match: Match, call: RestCall, request: Message): Promise<void> {
    const method = match.route.method as DescMethodServerStreaming;
    const last = call.headers.get("last-event-id");
    const resume = method.input.fields.find(({ name }) => name === match.route.shape?.resumeAfter);
    if (last && resume) decodeField(request, resume, last, { text: true });
    const { open, begun, watchReader } = options.streams!;
    const parts = { known: (error: unknown) => options.known(method, error), begun, watchReader };
    return respondStream(exchange, match, call, (gone) => open(method, request, call, gone), parts);
  }

  /** Reads a request and answers it; tells what it was refused with, if it was. */
  async function answer(exchange: Exchange, match: Match, call: RestCall, query: string): Promise<Problem | undefined> {
    const { req, res } = exchange;
    const { method } = match.route;
    let isLetIn = false;
    let isDispatched = false;
    try {
      const admitted = options.admit?.(method, call);
      if (admitted) await admitted;
      isLetIn = true;
      if (method.methodKind === "client_streaming") {
        assertLines(call);
        isDispatched = true;
        respond(exchange, match, call, await receive(exchange, match, call, options));
        return undefined;
      }
      const request = create(method.input);
      readParameters(request, query ? new URLSearchParams(query) : undefined, match);
      if (match.route.body || match.route.shape?.form)
        await readBody(request, req, match, call, options.maxBodyBytes(method));
      if (options.isGone(req)) return undefined;
      isDispatched = true;
      if (method.methodKind === "server_streaming") await stream(exchange, match, call, request);
      else respond(exchange, match, call, await options.dispatch(method as DescMethodUnary, request, call));
      return undefined;
    } catch (error) {
      // Of a body that breaks off, nobody is left to be told.
      if ((req.destroyed && !req.complete) || (error as NodeJS.ErrnoException).code === brokenOff) {
        res.destroy();
        return undefined;
      }
      if (!isLetIn || (error instanceof BodyError && error.kind === "too-large")) options.dropUnread(req, res);
      const known = toKnown(error, match, options);
      if (!isDispatched) options.refused?.(method, known);
      respondError(exchange, call, known);
      return known;
    }
  }

  return async function serve(req: HttpRequest, res: HttpResponse, said: Exchange["said"] = {}): Promise<void> {
    const since = performance.now();
    const target = req.url ?? "/";
    const mark = target.indexOf("?");
    const path = withPrefix(mark < 0 ? target : target.slice(0, mark), options.prefix);
    const match = matchOf(req, path);
    await route({ req, res, said }, match, path, mark < 0 ? "" : target.slice(mark + 1));
    // Who has gone was not answered.
    if (res.headersSent) options.answered?.(answeredOf({ req, res, said }, match, since));
  };

  async function route(exchange: Exchange, match: Match | undefined, path: string, query: string): Promise<void> {
    const { req } = exchange;
    if (!match) return answerUnknown(exchange, path, router.verbs(path), options);
    const tenant = options.tenantOf(req);
    if (tenant instanceof Problem) return refuse(exchange, tenant, options, match.route.method);
    const call = callOf(req, match, tenant, options.baseUrl);
    const work = () => answer(exchange, match, call, query);
    await (options.watch ? options.watch({ call, route: match.route, exchange }, work) : work());
  }
}

const answeredOf = ({ req, res }: Exchange, match: Match | undefined, since: number): Answered => ({
  method: req.method,
  route: match?.route.path,
  status: res.statusCode,
  seconds: (performance.now() - since) / 1000,
});

/** Has a body worked on as it comes. */
function receive({ req, res }: Exchange, match: Match, call: RestCall, options: GatewayOptions) {
  const method = match.route.method as DescMethodClientStreaming;
  const { receive, letCome, mostBytes } = options.bodies!;
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  const known = (error: unknown) => toKnown(error, match, options);
  // Who is answered before all has been sent is not read any further.
  options.dropUnread(req, res);
  const messages = () => {
    letCome(req);
    return messagesOf(req, match, call, { known, mostBytes: mostBytes(method) });
  };
  return receive(method, messages, call, gone.signal);
}

function toKnown(error: unknown, { route }: Match, { badRequest, known }: GatewayOptions): Problem {
  const strict = route.shape?.strict ?? false;
  if (error instanceof BodyError) return badRequest(error.message, error.kind, strict);
  if (error instanceof DecodeError)
    return badRequest(error.message, "malformed", (strict || route.body === "") && !error.unlisted);
  return known(route.method, error);
}

function refuse(exchange: Exchange, refusal: Problem, options: GatewayOptions, method?: DescMethod): void {
  options.refused?.(method, refusal);
  options.dropUnread(exchange.req, exchange.res);
  respondRefusal(exchange, refusal);
}

/** Answers where there is no call of this method and path; there may be some of other methods. */
function answerUnknown(exchange: Exchange, path: string, verbs: string[], options: GatewayOptions): void {
  const unfit = unsafe.has(exchange.req.method ?? "") && !verbs.some((verb) => unsafe.has(verb));
  const refusal = unfit ? options.refuseUnknown?.(path) : undefined;
  if (refusal) return refuse(exchange, refusal, options);
  options.refused?.(undefined, verbs.length ? 405 : 404);
  const reply = replyHeaders();
  reply.set("content-type", "text/plain; charset=utf-8");
  if (!verbs.length) return send(exchange, 404, reply, "404 page not found\n");
  if (verbs.includes("GET")) verbs.push("HEAD");
  reply.set("allow", [...new Set(verbs)].sort().join(", "));
  send(exchange, 405, reply, "Method Not Allowed\n");
}

function withPrefix(path: string, prefix?: string): string {
  if (!prefix || path === prefix || path.startsWith(`${prefix}/`)) return path;
  return prefix + path;
}
