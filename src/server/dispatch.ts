import type {
  DescMessage,
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Validator } from "@bufbuild/protovalidate";
import { Code } from "@connectrpc/connect";
import type { Call, Context } from "../context.ts";
import { ErrorReason, explanationOf, Problem, problem, toProblem } from "../errors.ts";
import type { Log } from "../log.ts";
import { errorMessage } from "../text/error-message.ts";
import type { Principal } from "../principal.ts";
import type { Tenant } from "../tenant.ts";
import { demandOf } from "./access-demand.ts";
import type { Demand, Gate } from "./access-demand.ts";
import { admissionOf } from "./admission.ts";
import type { Admission } from "./admission.ts";
import { codeOf } from "./connect-error.ts";
import { withDeadline, longestCallMs } from "./with-deadline.ts";
import { isPaged, makePagesInTurn } from "./pages-in-turn.ts";
import { hasRules } from "./rules.ts";
import { whileAdmitted } from "./while-admitted.ts";

// As many as a busy server has in a second or less.
const mostAtOnce = 1024;
/** Of each worker: a stream costs little but now and then, and ends when its client says so. */
const mostStreams = 256;

let validator: Validator | undefined;

/** Loaded with the first call, since it would make the start a fifth longer. One for both ports: it keeps what it has compiled. */
async function loadValidator(): Promise<Validator> {
  const { createValidator } = await import("@bufbuild/protovalidate");
  return (validator ??= createValidator());
}

/** The handlers of a service's calls, by name. A call without one is answered as not implemented. */
export type Handlers<S extends DescService> = {
  readonly [M in keyof S["method"]]?: S["method"][M] extends { input: infer I; output: infer O; methodKind: infer K }
    ? K extends "unary"
      ? (
          request: MessageShape<Extract<I, DescMessage>>,
          ctx: Context,
        ) => Promise<MessageInitShape<Extract<O, DescMessage>>>
      : K extends "server_streaming"
        ? (
            request: MessageShape<Extract<I, DescMessage>>,
            ctx: Context,
            until: AbortSignal,
          ) => AsyncIterable<MessageInitShape<Extract<O, DescMessage>>>
        : never
    : never;
};

/** A service and what serves it. */
export interface Service {
  readonly desc: DescService;
  readonly handlers: Readonly<Record<string, Handler | undefined>>;
}

type Answers = (request: never, ctx: Context) => Promise<Record<string, unknown>>;
type Streams = (request: never, ctx: Context, until: AbortSignal) => AsyncIterable<Record<string, unknown>>;
type Handler = Answers | Streams;

/**
 * Puts handlers to the service that they serve.
 *
 * @example
 * export const metadataService = defineService(MetadataService, {
 *   async getVersion(request, ctx) {
 *     return { version: serverVersion() };
 *   },
 * });
 */
export const defineService = <S extends DescService>(desc: S, handlers: Handlers<S>): Service => ({
  desc,
  handlers: handlers as Service["handlers"],
});

/** Calls the handler of a method, whatever protocol the call came by. */
export interface Dispatcher {
  readonly services: readonly Service[];
  /** Answers with what the method's output is made of: it is for the protocol to make a message of it, where it needs one. */
  dispatch(method: DescMethodUnary, request: Message, call: Call): Promise<Answer>;
  /** Answers with a stream of such, until its client has gone. */
  stream(method: DescMethodServerStreaming, request: Message, call: Call, gone: AbortSignal): AsyncIterable<Answer>;
  /** Refuses who may not make a call; what came of it is remembered until the call is dispatched. */
  admit(method: DescMethod, call: Call): Promise<unknown> | undefined;
  /** The problem that a client is told, whatever was thrown around its call. Of what nobody expected the log is told alone. */
  known(method: DescMethod, thrown: unknown): Problem;
}

type Answer = MessageInitShape<DescMessage>;

/** What a dispatcher needs. */
export interface DispatcherOptions {
  readonly services: readonly Service[];
  readonly log: Log;
  createContext(call: Call, principal: Principal | undefined): Context;
  /** Who lets callers in; without one anybody may call. */
  readonly gate?: Gate | undefined;
  /** Throws where a tenant is not there any more, of which a stream would not hear otherwise. */
  stillServes?(tenant: Tenant): Promise<unknown>;
  /** Hears of every call when it is over; `code` is undefined where it went well. */
  observe?(method: DescMethod, call: Call, code: Code | undefined, seconds: number): void;
}

/** Makes the one way to the handlers: what it checks, no protocol can forget. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { services, log, gate, observe } = options;
  const served = servedBy(services);
  const inTurn = makePagesInTurn();

  let running = 0;

  function admit(method: DescMethod, call: Admitted): Promise<Principal | undefined> | undefined {
    return gate && (call[principal] ??= gate.admit(served.get(method)!.demand, call));
  }

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
    stream: streaming(options, served, prepare),
    known(method, thrown) {
      // What the call itself threw has been logged.
      if (thrown instanceof Problem) return thrown;
      const error = toProblem(thrown);
      logUnexpected(log, method, error);
      return error;
    },
    dispatch(method, request, call) {
      const start = performance.now();
      return withDeadline(begin(method, request, call), call.timeoutMs ?? longestCallMs, start, (error) => {
        const code = error === undefined ? undefined : codeOf(toProblem(error));
        observe?.(method, call, code, (performance.now() - start) / 1000);
      });
    },
  };
}

function servedBy(services: readonly Service[]): Map<DescMethod, Served> {
  const served = new Map<DescMethod, Served>();
  for (const { desc, handlers } of services)
    for (const method of desc.methods)
      served.set(method, {
        method,
        demand: demandOf(method),
        admit: admissionOf(method),
        handler: handlers[method.localName],
        isPaged: isPaged(method),
      });
  return served;
}

/** Does all that comes before the handler of a call, and makes its context. */
type Prepare = (serves: Served, request: Message, asked: Call) => Promise<Context>;

function preparing({ createContext, gate }: DispatcherOptions, admit: Admit): Prepare {
  return async (serves: Served, request: Message, asked: Call) => {
    const { method, handler } = serves;
    // Before anything is said of the request.
    const admitted = admit(method, asked);
    const caller = admitted && (await admitted);
    const call = serves.admit(request, asked);
    if (!handler) throw problem(ErrorReason.METHOD_NOT_IMPLEMENTED, { reason: `${method.name} is not implemented.` });
    if ((serves.ruled ??= hasRules(method.input))) validate(validator ?? (await loadValidator()), method, request);
    const ctx = createContext(call, caller);
    const examined = gate?.examine(serves.demand, request, ctx);
    if (examined) await examined;
    return ctx;
  };
}

function streaming(
  { log, gate, stillServes, observe }: DispatcherOptions,
  served: ReadonlyMap<DescMethod, Served>,
  prepare: Prepare,
): Dispatcher["stream"] {
  let open = 0;
  return async function* (
    method: DescMethodServerStreaming,
    request: Message,
    call: Call,
    gone: AbortSignal,
  ): AsyncGenerator<Answer> {
    if (open >= mostStreams) throw problem(ErrorReason.OVERLOADED, { retryAfter: 1 });
    open++;
    const start = performance.now();
    const serves = served.get(method)!;
    let code: Code | undefined;
    try {
      const ctx = await prepare(serves, request, call);
      const handler = serves.handler as Streams;
      yield* whileAdmitted((until) => handler(request as never, ctx, until), {
        async admit() {
          await gate?.admit(serves.demand, call);
          await stillServes?.(ctx.tenant);
        },
        gone,
      });
    } catch (thrown) {
      const error = ending(log, method, thrown);
      code = codeOf(error);
      throw error;
    } finally {
      open--;
      observe?.(method, call, code, (performance.now() - start) / 1000);
    }
  };
}

/** The problem that ends a call, of which the log is told where nobody expected it. */
function ending(log: Log, method: DescMethod, thrown: unknown): Problem {
  const error = toProblem(thrown);
  if (codeOf(error) === Code.Internal) logUnexpected(log, method, error);
  if (error.reason === ErrorReason.DATABASE_UNAVAILABLE) tellUnavailable(log, error);
  return error;
}

const principal = Symbol("who has made the call");

/** A call that remembers. */
type Admitted = Call & { [principal]?: Promise<Principal | undefined> | undefined };

type Admit = (method: DescMethod, call: Admitted) => Promise<Principal | undefined> | undefined;

interface Served {
  readonly method: DescMethod;
  readonly demand: Demand;
  readonly admit: Admission;
  /** Whether the contract says more of the request than its types; found out with the first call. */
  ruled?: boolean;
  readonly handler: Handler | undefined;
  /** Whether it answers with pages of lists. */
  readonly isPaged: boolean;
}

function validate(validator: Validator, method: DescMethod, request: Message): void {
  const { kind, violations } = validator.validate(method.input, request);
  if (kind !== "valid") throw invalid(violations?.map(({ message, field }) => `${fieldName(field)}: ${message}`));
}

const invalid = (violations: readonly string[] = []) =>
  problem(ErrorReason.VALIDATION_FAILED, { reason: violations.slice(0, 8).join("; ") || "The request is not valid." });

const fieldName = (path: readonly { readonly kind: string; readonly name?: string }[]) =>
  path.map(({ name }) => name ?? "[]").join(".");

let toldAt = Number.NEGATIVE_INFINITY;
const untilToldAgainMs = 5_000;

/** Everybody is refused for the same reason: it is told now and then. */
function tellUnavailable(log: Log, { cause }: Problem): void {
  if (performance.now() - toldAt < untilToldAgainMs) return;
  toldAt = performance.now();
  log.error("calls are refused, since the database cannot be used", { reason: errorMessage(cause) });
}

function logUnexpected(log: Log, method: DescMethod, error: Problem): void {
  const reason = explanationOf(error);
  const cause = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause ?? "");
  log.error("call failed unexpectedly", {
    method: `${method.parent.typeName}/${method.name}`,
    ...(reason !== undefined && { reason }),
    ...(cause && { cause }),
  });
}
