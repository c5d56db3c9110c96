import type { DescMessage, JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "#gen/google/rpc/error_details_pb.js";
import { error as answer } from "#gen/ostiary/rest/v1/rest_pb.js";
import { ErrorReason, ErrorReasonSchema } from "#gen/ostiary/type/v1/error_reason_pb.js";
import { ProblemSchema } from "#gen/ostiary/type/v1/problem_pb.js";

export { ErrorReason };

const domain = "ostiary";
const prefix = "ERROR_REASON_";

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
  /** Where a navigating browser goes instead of reading the error. */
  readonly location?: string;
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
 * The error for a reason. Its gRPC code, HTTP status, id and message stand beside the reason in error_reason.proto, so
 * the contract lists every way in which a call can fail.
 */
export function problem<D extends DescMessage>(
  reason: ErrorReason,
  options: ProblemOptions = {},
  resource?: ErrorResource<D>,
): ConnectError {
  const value = ErrorReasonSchema.value[reason]!;
  const { code, message: standard } = getOption(value, answer);
  const { location, retryAfter, cause, expiredAt, message = standard, ...said } = options;
  const headers = new Headers();
  if (location !== undefined) headers.set("location", location);
  if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter));
  const info = {
    desc: ErrorInfoSchema,
    value: { reason: value.name.slice(prefix.length), domain, metadata: {} },
  };
  const told = {
    desc: ProblemSchema,
    value: { ...said, ...(expiredAt && { expiredAt: timestampFromDate(expiredAt) }) },
  };
  const details = resource ? [info, told, resource] : [info, told];
  return new ConnectError(message, code as Code, headers, details as never, cause);
}

/** The catalogue's reason of an error; undefined where it did not come out of the catalogue. */
export function reasonOf(error: unknown): ErrorReason | undefined {
  if (!(error instanceof ConnectError)) return undefined;
  const info = error.findDetails(ErrorInfoSchema)[0];
  if (info?.domain !== domain) return undefined;
  return ErrorReasonSchema.values.find(({ name }) => name === prefix + info.reason)?.number;
}

const unmigrated = (cause: Error) =>
  problem(ErrorReason.DATABASE_UNAVAILABLE, { reason: "The database lacks tables: its migrations have yet to run (ostiary migrate sql).", retryAfter: 10, cause });

/** Errors of the lower floors, which know no contract, by the name of their class. */
const translations: Record<string, (error: Error) => ConnectError> = {
  HashQueueFull: (error) =>
    problem(ErrorReason.OVERLOADED, {
      retryAfter: (error as Error & { retryAfterSeconds?: number }).retryAfterSeconds ?? 1,
      cause: error,
    }),
  SchemaRefused: (cause) => problem(ErrorReason.MISCONFIGURED, { reason: "An identity schema of the configuration cannot be used. The server's log says why.", cause }),
  DatabaseUnavailable: (cause) => problem(ErrorReason.DATABASE_UNAVAILABLE, { retryAfter: 1, cause }),
  DatabaseUnmigrated: unmigrated,
  // Where the mapper ran a statement by itself.
  TableNotFoundException: unmigrated,
  DatabaseConflict: (cause) => problem(ErrorReason.RETRY, { retryAfter: 1, cause }),
};

/** Turns anything thrown into an error of the catalogue. What nobody expected is INTERNAL, its cause kept for the log. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  const translate = error instanceof Error ? translations[error.name] : undefined;
  return translate ? translate(error as Error) : problem(ErrorReason.INTERNAL, { cause: error });
}

/** What a problem says went wrong this time. */
export const explanationOf = (error: unknown): string | undefined =>
  error instanceof ConnectError ? error.findDetails(ProblemSchema)[0]?.reason || undefined : undefined;
