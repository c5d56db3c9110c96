import { codeToHttpStatus, errorToJsonBytes } from "@connectrpc/connect/protocol-connect";
import { mergeNonProtocolHeaders } from "@connectrpc/connect/protocol";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerSerialize } from "@connectrpc/connect/protocol-grpc-web";
import type { ConnectError } from "@connectrpc/connect";
import type { ServerResponse } from "node:http";
import { addHeaders } from "./http.ts";
import type { HttpResponse } from "./http.ts";

/** How a call is written: by which protocol, in protobuf's binary format or in JSON. */
export interface Encoding {
  readonly protocol: "connect" | "grpc" | "grpc-web";
  readonly binary: boolean;
}

type NodeHeaders = Record<string, string | string[]>;

const fine = { "grpc-status": "0" };
// In letters: a Headers has Node load its `fetch`, which is 4 MB, before anybody asks.
const fineTrailer = frame(Buffer.from("grpc-status: 0\r\n"), trailerFlag);

/** Writes the answer to a call that went well. */
export function answerUnary(
  res: HttpResponse,
  encoding: Encoding,
  message: Uint8Array,
  said: Headers | undefined,
): void {
  const headers = headersFor(encoding);
  if (said) addHeaders(headers, said);
  if (encoding.protocol === "connect") return send(res, 200, headers, message);
  const envelope = frame(message);
  if (encoding.protocol === "grpc-web") send(res, 200, headers, Buffer.concat([envelope, fineTrailer]));
  else sendWithTrailers(res, headers, fine, envelope);
}

/** Writes the answer to a call that failed. */
export function answerUnaryError(
  res: HttpResponse,
  encoding: Encoding,
  error: ConnectError,
  said: Headers | undefined,
): void {
  const headers = headersFor(encoding);
  if (encoding.protocol === "connect") {
    const all = new Headers(said);
    mergeNonProtocolHeaders(all, error.metadata);
    addHeaders(headers, all);
    headers["content-type"] = "application/json";
    return send(res, codeToHttpStatus(error.code), headers, errorToJsonBytes(error, undefined));
  }
  if (said) addHeaders(headers, said);
  const status = new Headers();
  setTrailerStatus(status, error);
  if (encoding.protocol === "grpc-web") return send(res, 200, headers, frame(trailerSerialize(status), trailerFlag));
  const trailers: NodeHeaders = {};
  addHeaders(trailers, status);
  sendWithTrailers(res, headers, trailers);
}

function headersFor({ protocol, binary }: Encoding): NodeHeaders {
  const format = binary ? "proto" : "json";
  return { "content-type": protocol === "connect" ? `application/${format}` : `application/${protocol}+${format}` };
}

function send(res: HttpResponse, status: number, headers: NodeHeaders, body: Uint8Array): void {
  headers["content-length"] = String(body.length);
  (res as ServerResponse).writeHead(status, headers).end(body);
}

function sendWithTrailers(res: HttpResponse, headers: NodeHeaders, trailers: NodeHeaders, body?: Uint8Array): void {
  const response = res as ServerResponse;
  response.writeHead(200, headers);
  response.addTrailers(trailers as Record<string, string>);
  response.end(body);
}

/** A message with the five bytes by which gRPC tells its flags and its length. */
function frame(message: Uint8Array, flags = 0): Buffer {
  const framed = Buffer.allocUnsafe(5 + message.length);
  framed[0] = flags;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, 5);
  return framed;
}
