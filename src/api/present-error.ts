import type { JsonObject } from "@bufbuild/protobuf";
import { STATUS_CODES } from "node:http";
import { catalogued } from "../errors.ts";
import type { Problem } from "../errors.ts";

/** The members of an error as the page reads them that a browser was sent to. */
export function describeError({ reason, told }: Problem): JsonObject {
  const { id, httpStatus, bodyCode, message } = catalogued(reason);
  const code = bodyCode || httpStatus;
  return {
    ...(id && { id }),
    code,
    status: STATUS_CODES[code] ?? "",
    ...(told.reason && { reason: told.reason }),
    ...(told.details && { details: told.details }),
    message: told.message ?? message,
  };
}
