import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, RetryInfoSchema } from "#gen/google/rpc/error_details_pb.js";
import { ErrorReasonSchema } from "#gen/ostiary/type/v1/error_reason_pb.js";
import { ProblemSchema } from "#gen/ostiary/type/v1/problem_pb.js";
import { catalogued, presentProblem, toProblem } from "../errors.ts";
import type { Problem } from "../errors.ts";

const domain = "ostiary";
const prefix = "ERROR_REASON_";

/** The gRPC code of a problem. */
export const codeOf = ({ reason }: Problem): Code => catalogued(reason).code as Code;

/**
 * A problem as Connect, gRPC and gRPC-web tell it (AIP-193): the reason, when to try again, what else there is to say, and
 * the resource that it is about. Of where a browser would go nothing is said. Errors of Connect's own stay what they are.
 */
export function toConnectError(thrown: unknown): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const found = toProblem(thrown);
  const { told, resource } = found;
  const details = [
    {
      desc: ErrorInfoSchema,
      value: { reason: ErrorReasonSchema.value[found.reason]!.name.slice(prefix.length), domain, metadata: {} },
    },
    ...(told.retryAfter === undefined
      ? []
      : [{ desc: RetryInfoSchema, value: { retryDelay: { seconds: BigInt(told.retryAfter) } } }]),
    { desc: ProblemSchema, value: presentProblem(found) },
    ...(resource ? [resource] : []),
  ];
  const code = codeOf(found);
  return new ConnectError(found.message, code, whenToTryAgain(told.retryAfter, code), details as never, told.cause);
}

/** Beside the detail, for what stands between and reads headers alone, and for gRPC's own retries. */
function whenToTryAgain(seconds: number | undefined, code: Code): Record<string, string> | undefined {
  if (seconds === undefined) return undefined;
  const after = { "retry-after": String(seconds) };
  return code === Code.Unavailable ? { ...after, "grpc-retry-pushback-ms": String(seconds * 1000) } : after;
}
