import type {
  DescMessage,
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
import { demandOf } from "./access-demand.ts";
import type { Demand, Gate } from "./access-demand.ts";
import { admissionOf } from "./admission.ts";
import type { Admission } from "./admission.ts";
import { codeOf } from "./connect-error.ts";
import { withDeadline, longestCallMs } from "./with-deadline.ts";
import { isPaged, makePagesInTurn } from "./pages-in-turn.ts";
import { hasRules } from "./rules.ts";

// As many as a busy server has in a second or less.
const mostAtOnce = 1024;

let validator: Validator | undefined;

/** Loaded with the first call, since it would make the start a fifth longer. One for both ports: it keeps what it has compiled. */
async function loadValidator(): Promise<Validator> {
  const { createValidator } = await import("@bufbuild/protovalidate");
  return (validator ??= createValidator());
}

/** The handlers of a service's unary calls, by name. A call without one is answered as not implemented. */
export type Handlers<S extends DescService> = {
  readonly [M in keyof S["method"]]?: S["method"][M] extends { input: infer I; output: infer O; methodKind: "unary" }
    ? (
        request: MessageShape<Extract<I, DescMethodUnary["input"]>>,
        ctx: Context,
      ) => Promise<MessageInitShape<Extract<O, DescMethodUnary["output"]>>>
    : never;
};

/** A service and what serves it. */
export interface Service {
  readonly desc: DescService;
  readonly handlers: Readonly<Record<string, Handler | undefined>>;
}

type Handler = (request: never, ctx: Context) => Promise<Record<string, unknown>>;

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
  /** Refuses who may not make a call; what came of it is remembered until the call is dispatched. */
  admit(method: DescMethodUnary, call: Call): Promise<unknown> | undefined;
  /** The problem that a client is told, whatever was thrown around its call. Of what nobody expected the log is told alone. */
  known(method: DescMethodUnary, thrown: unknown): Problem;
}

type Answer = MessageInitShape<DescMessage>;

/** What a dispatcher needs. */
export interface DispatcherOptions {
  readonly services: readonly Service[];
  readonly log: Log;
  createContext(call: Call, principal: Principal | undefined): Context;
  /** Who lets callers in; without one anybody may call. */
  readonly gate?: Gate | undefined;
  /** Hears of every call when it is over; `code` is undefined where it went well. */
  observe?(method: DescMethodUnary, call: Call, code: Code | undefined, seconds: number): void;
}

/** Makes the one way to the handlers: what it checks, no protocol can forget. */
export function createDispatcher({ services, log, createContext, gate, observe }: DispatcherOptions): Dispatcher {
  const served = new Map<DescMethodUnary, Served>();
  for (const { desc, handlers } of services)
    for (const method of desc.methods as DescMethodUnary[])
      served.set(method, {
        method,
        demand: demandOf(method),
        admit: admissionOf(method),
        handler: handlers[method.localName],
        isPaged: isPaged(method),
      });

  const inTurn = makePagesInTurn();

  let running = 0;

  function admit(method: DescMethodUnary, call: Admitted): Promise<Principal | undefined> | undefined {
    return gate && (call[principal] ??= gate.admit(served.get(method)!.demand, call));
  }

  async function run(serves: Served, request: Message, asked: Call): Promise<Answer> {
    const { method, handler, isPaged } = serves;
    try {
      // Before anything is said of the request.
      const admitted = admit(method, asked);
      const caller = admitted && (await admitted);
      const call = serves.admit(request, asked);
      if (!handler) throw problem(ErrorReason.METHOD_NOT_IMPLEMENTED, { reason: `${method.name} is not implemented.` });
      if ((serves.ruled ??= hasRules(method.input))) validate(validator ?? (await loadValidator()), method, request);
      const ctx = createContext(call, caller);
      const examined = gate?.examine(serves.demand, request, ctx);
      if (examined) await examined;
      return await (isPaged ? inTurn(() => handler(request as never, ctx)) : handler(request as never, ctx));
    } catch (thrown) {
      const error = toProblem(thrown);
      if (codeOf(error) === Code.Internal) logUnexpected(log, method, error);
      if (error.reason === ErrorReason.DATABASE_UNAVAILABLE) tellUnavailable(log, error);
      throw error;
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

const principal = Symbol("who has made the call");

/** A call that remembers. */
type Admitted = Call & { [principal]?: Promise<Principal | undefined> | undefined };

interface Served {
  readonly method: DescMethodUnary;
  readonly demand: Demand;
  readonly admit: Admission;
  /** Whether the contract says more of the request than its types; found out with the first call. */
  ruled?: boolean;
  readonly handler: Handler | undefined;
  /** Whether it answers with pages of lists. */
  readonly isPaged: boolean;
}

function validate(validator: Validator, method: DescMethodUnary, request: Message): void {
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

function logUnexpected(log: Log, method: DescMethodUnary, error: Problem): void {
  const reason = explanationOf(error);
  const cause = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause ?? "");
  log.error("call failed unexpectedly", {
    method: `${method.parent.typeName}/${method.name}`,
    ...(reason !== undefined && { reason }),
    ...(cause && { cause }),
  });
}
