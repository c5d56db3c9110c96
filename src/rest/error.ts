import { STATUS_CODES } from "node:http";
import type { JsonObject } from "@bufbuild/protobuf";
import { ProblemSchema } from "#gen/ostiary/type/v1/problem_pb.js";
import { catalogued, presentProblem } from "../errors.ts";
import type { Problem } from "../errors.ts";
import { encoderOf, textOf } from "./encode.ts";
import type { JsonText } from "./encode.ts";
import { isObject } from "./well-known.ts";

const beside = ["redirect_browser_to", "use_flow_id", "expired_at", "since", "CredentialsMissing"];

/** An error as REST answers it. */
export interface RestError {
  readonly status: number;
  /** The id that the header Ory-Error-Id repeats; undefined where a resource takes the envelope's place. */
  readonly id?: string;
  /** As JSON. */
  readonly text: JsonText;
}

/**
 * Writes a problem as the envelope that REST clients read. One that carries a resource, such as the form that will not do, is
 * answered with that resource.
 */
export function problemToRest(problem: Problem, requestId?: string): RestError {
  if (!problem.standing || requestId) return write(problem, requestId);
  let known = standing.get(problem);
  if (!known) standing.set(problem, (known = write(problem)));
  return known;
}

/** What is the same each time is written once. */
const standing = new WeakMap<Problem, RestError>();

function write(problem: Problem, requestId?: string): RestError {
  const { httpStatus: status, bodyCode, id } = catalogued(problem.reason);
  const { resource } = problem;
  if (resource) return { status, text: textOf(resource.desc)(resource.value) };
  const said = encoderOf(ProblemSchema)(presentProblem(problem)) as JsonObject;
  const code = bodyCode || status;
  const envelope: JsonObject = {
    ...(id && { id }),
    code,
    status: STATUS_CODES[code] ?? "",
    ...(requestId && { request: requestId }),
    ...(said["reason"] ? { reason: said["reason"] } : {}),
    ...(isObject(said["details"]) && { details: said["details"] }),
    message: problem.message,
  };
  const more = beside.filter((name) => said[name] !== undefined).map((name) => [name, said[name]!]);
  return { status, id, text: JSON.stringify({ error: envelope, ...Object.fromEntries(more) }) };
}
