import { create } from "@bufbuild/protobuf";
import type { Problem } from "../errors.ts";
import { BodyError } from "./body-error.ts";
import { parseJson } from "./body.ts";
import type { HttpRequest, RestCall } from "./call.ts";
import { decodeField } from "./decode.ts";
import { linesOf, type Line, type Received } from "./json-lines.ts";
import { readParameters, showsBrowser } from "./read-request.ts";
import type { Match } from "./route.ts";

/** How lines of a body are read. */
export interface LineOptions {
  /** How many bytes a line may have. */
  readonly mostBytes: number;
  /** What a client is told of a line that cannot be read. */
  known(error: unknown): Problem;
}

const types: ReadonlySet<string> = new Set(["application/x-ndjson", "application/ndjson", "application/jsonl"]);

/** Refuses a body that a browser may have been made to send. Whoever calls by hand often leaves the type out. */
export function assertLines({ headers }: RestCall): void {
  const type = (headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  if (showsBrowser(headers) && !types.has(type))
    throw new BodyError(
      "unsupported",
      `The content type ${JSON.stringify(type)} is not supported. Use application/x-ndjson.`,
    );
}

/** The messages of a body: each line is the field that the contract names, and has what the address says besides. */
export async function* messagesOf(
  req: HttpRequest,
  match: Match,
  call: RestCall,
  { mostBytes, known }: LineOptions,
): AsyncGenerator<Received> {
  const query = new URL(call.url).searchParams;
  for await (const line of linesOf(req, mostBytes)) {
    let received: Received;
    try {
      received = { message: messageOf(line, query, match, mostBytes), bytes: lengthOf(line) };
    } catch (error) {
      received = { problem: known(error), bytes: lengthOf(line) };
    }
    yield received;
  }
}

function messageOf(line: Line, query: URLSearchParams, match: Match, mostBytes: number) {
  if ("tooLong" in line) throw new BodyError("too-large", `The line is longer than ${mostBytes} bytes.`);
  const { method, bodyField, shape } = match.route;
  const message = create(method.input);
  readParameters(message, query, match);
  decodeField(message, bodyField!, parseJson(line.text), { strict: shape?.strict ?? false });
  return message;
}

/** Of what was too long nothing is held. */
const lengthOf = (line: Line): number => ("text" in line ? line.text.length : 0);
