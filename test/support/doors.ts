import { fromBinary, getOption, hasOption } from "@bufbuild/protobuf";
import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Transport } from "@connectrpc/connect";
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { http } from "#gen/google/api/annotations_pb.js";
import { ErrorInfoSchema } from "#gen/google/rpc/error_details_pb.js";
import { error as answer } from "#gen/ostiary/rest/v1/rest_pb.js";
import { ErrorReasonSchema } from "#gen/ostiary/type/v1/error_reason_pb.js";
import { file_ostiary_type_v1_flow as flowFile } from "#gen/ostiary/type/v1/flow_pb.js";
import { encoderOf } from "../../src/rest/encode.ts";
import { Client, messageIds } from "./client.ts";
import type { Json } from "./client.ts";

/** What became of a call, in words that every protocol shares. */
export interface Outcome {
  /** The status and the id that REST has for the error; "fine" where the call went well. */
  readonly verdict: string;
  /** The reason, of the protocols that tell it. */
  readonly reason?: string;
  /** The messages of the form that came with the error. */
  readonly messages: readonly number[];
  /** What was answered, in the shape of REST; of an error nothing. */
  readonly answer: Json;
}

/** Calls a server by one protocol; undefined where the protocol has no words for the call. */
export type Door = (
  method: DescMethodUnary,
  request: Message,
  headers?: Record<string, string>,
) => Promise<Outcome | undefined>;

const squeezed = { sendCompression: compressionGzip, compressMinBytes: 0 };

/** The protocols of a port, by name. */
export const doors: Readonly<Record<string, (baseUrl: string) => Door>> = {
  REST: restDoor,
  "Connect, JSON": (baseUrl) => doorOf(createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: false })),
  "Connect, JSON, compressed": (baseUrl) =>
    doorOf(createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false, ...squeezed })),
  "Connect, binary": (baseUrl) =>
    doorOf(createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: true })),
  "Connect, by GET": (baseUrl) => doorOf(createConnectTransport({ baseUrl, httpVersion: "1.1", useHttpGet: true })),
  gRPC: (baseUrl) => doorOf(createGrpcTransport({ baseUrl })),
  "gRPC, JSON": (baseUrl) => doorOf(createGrpcTransport({ baseUrl, useBinaryFormat: false })),
  "gRPC-web": (baseUrl) => doorOf(createGrpcWebTransport({ baseUrl, httpVersion: "1.1" })),
};

function doorOf(transport: Transport): Door {
  return async (method, request, headers) => {
    try {
      const { message } = await transport.unary(method, undefined, undefined, headers, request as never);
      return { verdict: "fine", messages: [], answer: inRest(method, message as Message) };
    } catch (error) {
      return failure(ConnectError.from(error));
    }
  };
}

function inRest(method: DescMethodUnary, message: Message): Json {
  const body = encoderOf(method.output)(message) as Json;
  const { responseBody } = hasOption(method, http) ? getOption(method, http) : { responseBody: "" };
  const shown = responseBody ? (body[responseBody] ?? null) : body;
  if (shown?.content_type === undefined) return shown;
  const text = Buffer.from(shown.data, "base64").toString();
  return /json/.test(shown.content_type) ? JSON.parse(text) : text;
}

function failure(error: ConnectError): Outcome {
  const info = error.findDetails(ErrorInfoSchema)[0];
  const value = ErrorReasonSchema.values.find(({ name }) => name === `ERROR_REASON_${info?.reason}`);
  const known = value && getOption(value, answer);
  const flow = error.details
    .flatMap((detail) => ("type" in detail ? [detail] : []))
    .flatMap(({ type, value: bytes }) =>
      flowFile.messages
        .filter(({ typeName }) => typeName === type)
        .map((desc) => encoderOf(desc)(fromBinary(desc, bytes)) as Json),
    )[0];
  const verdict = known ? `${known.httpStatus} ${flow ? "" : known.id}` : "none of the catalogue";
  const told = info ? info.reason : `${Code[error.code]}, no reason: ${error.rawMessage}`;
  return { verdict: verdict.trim(), reason: told, messages: flow ? messageIds(flow) : [], answer: null };
}

function restDoor(baseUrl: string): Door {
  const client = new Client(baseUrl);
  return async (method, request, headers = {}) => {
    const wanted = hasOption(method, http) ? restRequest(method, request) : undefined;
    if (!wanted) return undefined;
    const { status, body } = await client.send(wanted.verb, wanted.path, {
      headers,
      ...(wanted.body !== undefined && { json: wanted.body }),
    });
    // Where REST sends a client on to another flow, other protocols name it in an error.
    if (status === 303) return undefined;
    if (status < 400) return { verdict: "fine", messages: [], answer: status === 204 ? {} : body };
    return {
      verdict: `${status} ${body.error?.id ?? ""}`.trim(),
      messages: body.ui ? messageIds(body) : [],
      answer: null,
    };
  };
}

/** A call as the annotations say it; undefined where a path would be another without its parameter, or a query has no word. */
function restRequest(method: DescMethodUnary, request: Message) {
  const { pattern, body } = getOption(method, http);
  const fields = encoderOf(method.input)(request) as Record<string, Json>;
  let path = pattern.value as string;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (name === body) continue;
    if (typeof value === "object" && !Array.isArray(value)) return undefined;
    if (path.includes(`{${name}}`)) {
      if (value === "" || /^\.+$/.test(value)) return undefined;
      path = path.replace(`{${name}}`, encodeURIComponent(value));
    } else if (Array.isArray(value)) for (const one of value) query.append(name, String(one));
    else if (value !== "" && value !== 0 && value !== false) query.append(name, String(value));
  }
  const target = query.size ? `${path}?${query}` : path;
  return { verb: String(pattern.case).toUpperCase(), path: target, ...(body && { body: fields[body] }) };
}
