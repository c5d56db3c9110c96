import type {
  DescMessage,
  DescMethod,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  Message,
  MessageInitShape,
} from "@bufbuild/protobuf";
import type { Code } from "@connectrpc/connect";
import type { Call } from "../context.ts";
import { ErrorReason, Problem, problem, toProblem } from "../errors.ts";
import type { Tenant } from "../tenant.ts";
import type { Received } from "../rest/json-lines.ts";
import { codeOf } from "./connect-error.ts";
import { makePagesInTurn } from "./pages-in-turn.ts";
import { admitting, ending, logUnexpected, preparing, type Served, servedBy } from "./served.ts";
import type { Answers, Service } from "./service.ts";
import { receiving, streaming, type StreamOptions } from "./streams.ts";
import { withinSpan } from "../tracing/active-span.ts";
import { endCall } from "./trace-calls.ts";
import { withDeadline, longestCallMs } from "./with-deadline.ts";

export { defineService } from "./service.ts";
export type { Handlers, Service } from "./service.ts";

// As many as a busy server has in a second or less.
const mostAtOnce = 1024;

/** Calls the handler of a method, whatever protocol the call came by. */
export interface Dispatcher {
  readonly services: readonly Service[];
  /** Answers with what the method's output is made of: it is for the protocol to make a message of it, where it needs one. */
  dispatch(method: DescMethodUnary, request: Message, call: Call): Promise<Answer>;
  /** Answers with a stream of such, until its client has gone. */
  stream(method: DescMethodServerStreaming, request: Message, call: Call, gone: AbortSignal): AsyncIterable<Answer>;
  /** Answers with what came of a stream of messages, which is opened once its caller is let in. */
  receive(
    method: DescMethodClientStreaming,
    messages: () => AsyncIterable<Received>,
    call: Call,
    gone: AbortSignal,
  ): Promise<Answer>;
  /** Refuses who may not make a call; what came of it is remembered until the call is dispatched. */
  admit(method: DescMethod, call: Call): Promise<unknown> | undefined;
  /** The problem that a client is told, whatever was thrown around its call. Of what nobody expected the log is told alone. */
  known(method: DescMethod, thrown: unknown): Problem;
}

type Answer = MessageInitShape<DescMessage>;

/** What a dispatcher needs. */
export interface DispatcherOptions extends StreamOptions {
  readonly services: readonly Service[];
  /** Throws where a tenant is not there any more, of which a stream would not hear otherwise. */
  stillServes?(tenant: Tenant): Promise<unknown>;
  /** Hears of every call when it is over; `code` is undefined where it went well. */
  observe?(method: DescMethod, call: Call, code: Code | undefined, seconds: number): void;
}

/** Makes the one way to the handlers: what it checks, no protocol can forget. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { services, log, gate, tracing, observe } = options;
  const served = servedBy(services);
  const inTurn = makePagesInTurn();

  let running = 0;

  const admit = admitting(gate, served);
  const prepare = preparing(options, admit);

  async function run(serves: Served, request: Message, asked: Call): Promise<Answer> {
    try {
      const ctx = await prepare(serves, request, asked);
      const handler = serves.handler as Answers;
      return await (serves.isPaged ? inTurn(() => handler(request as never, ctx)) : handler(request as never, ctx));
    } catch (thrown) {
      throw ending(log, serves.method, thrown);
    } finally {
      // Not when its client has waited long enough, but when it is over.
      running--;
    }
  }

  function begin(method: DescMethodUnary, request: Message, call: Call): Promise<Answer> {
    if (running >= mostAtOnce) return Promise.reject(problem(ErrorReason.OVERLOADED, { retryAfter: 1 }));
    running++;
    return run(served.get(method)!, request, call);
  }

  return {
    services,
    admit,
    stream: streaming(options, served, admit),
    receive: receiving(options, served, admit),
    known(method, thrown) {
      // What the call itself threw has been logged.
      if (thrown instanceof Problem) return thrown;
      const error = toProblem(thrown);
      logUnexpected(log, method, error);
      return error;
    },
    dispatch(method, request, call) {
      const start = performance.now();
      const span = call.protocol === "rest" ? undefined : tracing?.begin(method, call);
      const work = span ? withinSpan(span, () => begin(method, request, call)) : begin(method, request, call);
      return withDeadline(work, call.timeoutMs ?? longestCallMs, start, (error) => {
        const refusal = error === undefined ? undefined : toProblem(error);
        observe?.(method, call, refusal && codeOf(refusal), (performance.now() - start) / 1000);
        if (span) endCall(span, refusal);
      });
    },
  };
}
