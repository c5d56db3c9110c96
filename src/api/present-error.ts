import type { JsonObject } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { STATUS_CODES } from "node:http";
import { error as answer } from "#gen/ostiary/rest/v1/rest_pb.js";
import { ErrorReasonSchema } from "#gen/ostiary/type/v1/error_reason_pb.js";
import { ProblemSchema } from "#gen/ostiary/type/v1/problem_pb.js";
import { ErrorReason, reasonOf } from "../errors.ts";

/** The members of an error as the page reads them that a browser was sent to. */
export function describeError(error: ConnectError): JsonObject {
  const { id, httpStatus, bodyCode, message } = getOption(
    ErrorReasonSchema.value[reasonOf(error) ?? ErrorReason.INTERNAL]!,
    answer,
  );
  const code = bodyCode || httpStatus;
  const told = error.findDetails(ProblemSchema)[0];
  return {
    ...(id && { id }),
    code,
    status: STATUS_CODES[code] ?? "",
    ...(told?.reason && { reason: told.reason }),
    ...(told?.details && { details: told.details }),
    message,
  };
}
