import type { DescMessage, JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { error as answer } from "#gen/ostiary/rest/v1/rest_pb.js";
import type { ErrorAnswer } from "#gen/ostiary/rest/v1/rest_pb.js";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { ErrorReason, ErrorReasonSchema } from "#gen/ostiary/type/v1/error_reason_pb.js";
import type { ProblemSchema } from "#gen/ostiary/type/v1/problem_pb.js";

export { ErrorReason };

/** What a problem says beside its reason. */
export interface ProblemOptions {
  /** What went wrong this time, for a developer to read. Never a secret. */
  readonly reason?: string;
  /** Says it in place of the catalogue's message, where clients expect no reason beside it. */
  readonly message?: string;
  /** `error.details` of the REST envelope. */
  readonly details?: JsonObject;
  /** Where a JSON client has to send its browser. */
  readonly redirectBrowserTo?: string;
  /** The flow that takes the place of the one submitted. */
  readonly useFlowId?: string;
  readonly expiredAt?: Date;
  /** How long ago the flow expired, in nanoseconds. */
  readonly since?: bigint;
  /** Whether the request carried no credentials at all. */
  readonly credentialsMissing?: boolean;
  /** Where a navigating browser goes instead of reading the error. REST alone knows of it. */
  readonly location?: string;
  /** By which status it is sent there; 303 unless told otherwise. */
  readonly locationStatus?: 302 | 303;
  /** Seconds after which a repetition makes sense. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** A resource that travels with an error, such as the flow whose submission was rejected. */
export interface ErrorResource<D extends DescMessage = DescMessage> {
  readonly desc: D;
  readonly value: MessageInitShape<D>;
}

/**
 * What every failed call comes to, whatever protocol it came by. Its gRPC code, HTTP status, id and message stand beside
 * the reason in error_reason.proto, so the contract lists every way in which a call can fail. It has no stack: most
 * problems are answers that were to be expected, and what nobody expected is in its cause.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly reason: ErrorReason;
  readonly told: ProblemOptions;
  readonly resource: ErrorResource | undefined;
  /** Whether it is thrown again and again, being the same each time. */
  standing = false;

  constructor(reason: ErrorReason, told: ProblemOptions, resource?: ErrorResource) {
    super(told.message ?? catalogued(reason).message, told.cause === undefined ? undefined : { cause: told.cause });
    this.reason = reason;
    this.told = told;
    this.resource = resource;
  }
}

/**
 * The problem for a reason: its code, status and message stand in the catalogue, what went wrong this time in the options.
 *
 * @example
 * if (!session) throw problem(ErrorReason.SESSION_INACTIVE);
 * throw problem(ErrorReason.BAD_REQUEST, { reason: "The page token is malformed." });
 */
export function problem<D extends DescMessage>(
  reason: ErrorReason,
  options: ProblemOptions = {},
  resource?: ErrorResource<D>,
): Problem {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const made = new Problem(reason, options, resource as ErrorResource | undefined);
  Error.stackTraceLimit = stackTraceLimit;
  return made;
}

/** A problem for a refusal that is the same each time, and expected all the time: it is made once, and written once. */
export const standingProblem = (reason: ErrorReason, options: ProblemOptions): Problem =>
  Object.assign(problem(reason, options), { standing: true });

/** The same problem, from which a navigating browser is led elsewhere. */
export const leadingTo = (
  { reason, told, resource }: Problem,
  location: string,
  locationStatus: 302 | 303 = 303,
): Problem => problem(reason, { ...told, location, locationStatus }, resource);

const catalogue = new Map<ErrorReason, ErrorAnswer>(
  ErrorReasonSchema.values.map((value) => [value.number, getOption(value, answer)]),
);

/** What the contract says of a reason: its gRPC code, HTTP status, id and message. */
export const catalogued = (reason: ErrorReason): ErrorAnswer => catalogue.get(reason)!;

/** The catalogue's reason of an error; undefined where it did not come out of the catalogue. */
export const reasonOf = (error: unknown): ErrorReason | undefined =>
  error instanceof Problem ? error.reason : undefined;

/** What a problem says went wrong this time. */
export const explanationOf = (error: unknown): string | undefined =>
  error instanceof Problem ? error.told.reason || undefined : undefined;

/** What a problem says beside its reason, as a message of the contract. */
export function presentProblem({ told }: Problem): MessageInitShape<typeof ProblemSchema> {
  const { reason, details, redirectBrowserTo, useFlowId, expiredAt, since, credentialsMissing } = told;
  return {
    reason,
    details,
    redirectBrowserTo,
    useFlowId,
    since,
    credentialsMissing,
    expiredAt: expiredAt && timestampFromDate(expiredAt),
  };
}

const unmigrated = (cause: Error) =>
  problem(ErrorReason.DATABASE_UNAVAILABLE, {
    reason: "The database lacks tables. Run its migrations (ostiary migrate sql).",
    retryAfter: 10,
    cause,
  });

/** Errors of the lower floors, which know no contract, by the name of their class. */
const translations: Record<string, (error: Error) => Problem> = {
  HashQueueFull: (error) =>
    problem(ErrorReason.OVERLOADED, {
      retryAfter: (error as Error & { retryAfterSeconds?: number }).retryAfterSeconds ?? 1,
      cause: error,
    }),
  SchemaRefused: (cause) =>
    problem(ErrorReason.MISCONFIGURED, {
      reason: "A configured identity schema cannot be used. See the server's log.",
      cause,
    }),
  DatabaseUnavailable: (cause) => problem(ErrorReason.DATABASE_UNAVAILABLE, { retryAfter: 1, cause }),
  DatabaseUnmigrated: unmigrated,
  // Where the mapper ran a statement by itself.
  TableNotFoundException: unmigrated,
  // What it says is written for whoever reads the answer; what lies behind it stands in its own cause.
  ProviderFailure: (error) => providerFailed(error),
  DatabaseConflict: (cause) => problem(ErrorReason.RETRY, { retryAfter: 1, cause }),
};

const byStatus: Readonly<Record<number, ErrorReason>> = {
  400: ErrorReason.BAD_REQUEST,
  403: ErrorReason.FORBIDDEN,
  500: ErrorReason.MISCONFIGURED,
};

function providerFailed(error: Error): Problem {
  const { status = 502 } = error as Error & { readonly status?: number };
  return problem(byStatus[status] ?? ErrorReason.UPSTREAM, { reason: error.message, cause: error });
}

/** Turns anything thrown into a problem of the catalogue. What nobody expected is INTERNAL, its cause kept for the log. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const translate = error instanceof Error ? translations[error.name] : undefined;
  return translate ? translate(error as Error) : problem(ErrorReason.INTERNAL, { cause: error });
}
