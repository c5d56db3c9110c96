import type { DescMethod, Message } from "@bufbuild/protobuf";
import type { Validator } from "@bufbuild/protovalidate";
import { Code } from "@connectrpc/connect";
import type { Call, Context } from "../context.ts";
import { ErrorReason, explanationOf, problem, toProblem } from "../errors.ts";
import type { Problem } from "../errors.ts";
import type { Log } from "../log.ts";
import { errorMessage } from "../text/error-message.ts";
import type { Principal } from "../principal.ts";
import { demandOf } from "./access-demand.ts";
import type { Demand, Gate } from "./access-demand.ts";
import { admissionOf } from "./admission.ts";
import type { Admission } from "./admission.ts";
import { codeOf } from "./connect-error.ts";
import { isPaged } from "./pages-in-turn.ts";
import { hasRules } from "./rules.ts";
import type { Handler, Service } from "./service.ts";

/** A method, and what serves it. */
export interface Served {
  readonly method: DescMethod;
  readonly demand: Demand;
  readonly admit: Admission;
  /** Whether the contract says more of the request than its types; found out with the first call. */
  ruled?: boolean;
  readonly handler: Handler | undefined;
  /** Whether it answers with pages of lists. */
  readonly isPaged: boolean;
}

/** All methods of services. */
export function servedBy(services: readonly Service[]): Map<DescMethod, Served> {
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

const principal = Symbol("who has made the call");

/** A call that remembers. */
export type Admitted = Call & { [principal]?: Promise<Principal | undefined> | undefined };

/** Refuses who may not make a call; what came of it is remembered by the call. */
export type Admit = (method: DescMethod, call: Admitted) => Promise<Principal | undefined> | undefined;

/** Lets callers in by a gate; without one anybody may call. */
export const admitting =
  (gate: Gate | undefined, served: ReadonlyMap<DescMethod, Served>): Admit =>
  (method, call) =>
    gate && (call[principal] ??= gate.admit(served.get(method)!.demand, call));

/** What comes before the handler of a call needs. */
export interface PreparationParts {
  createContext(call: Call, principal: Principal | undefined): Context;
  readonly gate?: Gate | undefined;
}

/** Does all that comes before the handler of a call, and makes its context. */
export type Prepare = (serves: Served, request: Message, asked: Call) => Promise<Context>;

/** All that comes before the handler of a call with one message. */
export function preparing({ createContext, gate }: PreparationParts, admit: Admit): Prepare {
  return async (serves: Served, request: Message, asked: Call) => {
    // Before anything is said of the request.
    const admitted = admit(serves.method, asked);
    const caller = admitted && (await admitted);
    const call = serves.admit(request, asked);
    assertHandled(serves);
    if ((serves.ruled ??= hasRules(serves.method.input))) await assertValid(serves.method, request);
    const ctx = createContext(call, caller);
    const examined = gate?.examine(serves.demand, request, ctx);
    if (examined) await examined;
    return ctx;
  };
}

/** The same for a call that comes as a stream: what is known before its first message, and what each has to do for. */
export function preparingStreams({ createContext, gate }: PreparationParts, admit: Admit) {
  return {
    async open(serves: Served, call: Call): Promise<Context> {
      const caller = await admit(serves.method, call);
      assertHandled(serves);
      return createContext(call, caller);
    },
    async check(serves: Served, message: Message, call: Call, ctx: Context): Promise<void> {
      serves.admit(message, call);
      if ((serves.ruled ??= hasRules(serves.method.input))) await assertValid(serves.method, message);
      await gate?.examine(serves.demand, message, ctx);
    },
  };
}

function assertHandled({ handler, method }: Served): void {
  if (!handler) throw problem(ErrorReason.METHOD_NOT_IMPLEMENTED, { reason: `${method.name} is not implemented.` });
}

let validator: Validator | undefined;

/** Loaded with the first call, since it would make the start a fifth longer. One for both ports: it keeps what it has compiled. */
async function loadValidator(): Promise<Validator> {
  const { createValidator } = await import("@bufbuild/protovalidate");
  return (validator ??= createValidator());
}

async function assertValid(method: DescMethod, request: Message): Promise<void> {
  const { kind, violations } = (validator ?? (await loadValidator())).validate(method.input, request);
  if (kind !== "valid") throw invalid(violations?.map(({ message, field }) => `${fieldName(field)}: ${message}`));
}

const invalid = (violations: readonly string[] = []) =>
  problem(ErrorReason.VALIDATION_FAILED, { reason: violations.slice(0, 8).join("; ") || "The request is not valid." });

const fieldName = (path: readonly { readonly kind: string; readonly name?: string }[]) =>
  path.map(({ name }) => name ?? "[]").join(".");

/** The problem that ends a call, of which the log is told where nobody expected it. */
export function ending(log: Log, method: DescMethod, thrown: unknown): Problem {
  const error = toProblem(thrown);
  if (codeOf(error) === Code.Internal) logUnexpected(log, method, error);
  if (error.reason === ErrorReason.DATABASE_UNAVAILABLE) tellUnavailable(log, error);
  return error;
}

let toldAt = Number.NEGATIVE_INFINITY;
const untilToldAgainMs = 5_000;

/** Everybody is refused for the same reason: it is told now and then. */
function tellUnavailable(log: Log, { cause }: Problem): void {
  if (performance.now() - toldAt < untilToldAgainMs) return;
  toldAt = performance.now();
  log.error("calls are refused, since the database cannot be used", { reason: errorMessage(cause) });
}

/** Tells the log of an error that nobody expected. */
export function logUnexpected(log: Log, method: DescMethod, error: Problem): void {
  const reason = explanationOf(error);
  const cause = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause ?? "");
  log.error("call failed unexpectedly", {
    method: `${method.parent.typeName}/${method.name}`,
    ...(reason !== undefined && { reason }),
    ...(cause && { cause }),
  });
}
