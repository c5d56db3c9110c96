import { create, fromBinary, getOption } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue, Registry } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { STATUS_CODES } from "node:http";
import { ErrorInfoSchema } from "#gen/google/rpc/error_details_pb.js";
import { error as answer } from "#gen/ostiary/rest/v1/rest_pb.js";
import type { ErrorAnswer } from "#gen/ostiary/rest/v1/rest_pb.js";
import { ErrorReasonSchema } from "#gen/ostiary/type/v1/error_reason_pb.js";
import { ProblemSchema } from "#gen/ostiary/type/v1/problem_pb.js";
import { encoderOf } from "./encode.ts";
import { isObject } from "./well-known.ts";

const prefix = "ERROR_REASON_";
const beside = ["redirect_browser_to", "use_flow_id", "expired_at", "since", "CredentialsMissing"];
const statusOfCode: Readonly<Record<number, number>> = {
  1: 499, 3: 400, 4: 504, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 11: 400, 12: 501, 14: 503, 16: 401,
};

/** An error as REST answers it. */
export interface RestError {
  readonly status: number;
  /** The id that the header Ory-Error-Id repeats; undefined where a resource takes the envelope's place. */
  readonly id?: string;
  readonly body: JsonValue;
}

/**
 * Writes an error as the envelope that REST clients read. An error that carries a resource, such as the form that will
 * not do, is answered with that resource.
 */
export function errorToRest(error: ConnectError, types: Registry, requestId?: string): RestError {
  const info = error.findDetails(ErrorInfoSchema)[0];
  const listed = info && ErrorReasonSchema.values.find(({ name }) => name === prefix + info.reason);
  const known: Partial<ErrorAnswer> = listed ? getOption(listed, answer) : {};
  const status = known.httpStatus || (statusOfCode[error.code] ?? 500);
  const resource = resourceOf(error, types);
  if (resource !== undefined) return { status, body: resource };
  const told = error.findDetails(ProblemSchema)[0];
  const problem = (told ? encoderOf(ProblemSchema)(told) : {}) as JsonObject;
  const code = known.bodyCode || status;
  const envelope: JsonObject = {
    ...(known.id && { id: known.id }),
    code,
    status: STATUS_CODES[code] ?? "",
    ...(requestId && { request: requestId }),
    ...(problem["reason"] ? { reason: problem["reason"] } : {}),
    ...(isObject(problem["details"]) && { details: problem["details"] }),
    message: error.rawMessage || known.message || "",
  };
  const more = beside.filter((name) => problem[name] !== undefined).map((name) => [name, problem[name]!]);
  return { status, id: known.id ?? "", body: { error: envelope, ...Object.fromEntries(more) } };
}

/** The first detail that is neither the catalogue's nor Google's: what the error is about. */
function resourceOf({ details }: ConnectError, types: Registry): JsonValue | undefined {
  for (const detail of details) {
    const typeName = "desc" in detail ? detail.desc.typeName : detail.type;
    if (typeName === ProblemSchema.typeName || /^(google|buf)\./.test(typeName)) continue;
    if ("desc" in detail) return encoderOf(detail.desc)(create(detail.desc, detail.value));
    const desc = types.getMessage(typeName);
    if (desc) return encoderOf(desc)(fromBinary(desc, detail.value));
  }
  return undefined;
}
