import { codeToHttpStatus, errorToJsonBytes } from "@connectrpc/connect/protocol-connect";
import { mergeNonProtocolHeaders } from "@connectrpc/connect/protocol";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerSerialize } from "@connectrpc/connect/protocol-grpc-web";
import type { ConnectError } from "@connectrpc/connect";
import type { ServerResponse } from "node:http";
import { addHeaders } from "./http.ts";
import type { HttpResponse } from "./http.ts";
import { envelopeBytes } from "./unary-request.ts";
import type { Encoding } from "./unary-request.ts";

type NodeHeaders = Record<string, string | string[]>;
/** What a handler has said beside its message. */
type Said = Readonly<NodeHeaders> | undefined;

/** The trailers by which gRPC tells that a call went well. */
export const fine = { "grpc-status": "0" };
// In letters: a Headers has Node load its `fetch`, which is 4 MB, before anybody asks.
const fineTrailer = frame(Buffer.from("grpc-status: 0\r\n"), trailerFlag);

/** Writes the answer to a call that went well: a message behind the room for its envelope. */
export function answerUnary(res: HttpResponse, encoding: Encoding, message: Buffer, said: Said): void {
  const headers = headersFor(encoding, said);
  if (encoding.protocol === "connect") return send(res, 200, headers, message.subarray(envelopeBytes));
  const envelope = enveloped(message);
  if (encoding.protocol === "grpc-web") send(res, 200, headers, Buffer.concat([envelope, fineTrailer]));
  else sendWithTrailers(res, headers, fine, envelope);
}

/** Writes the answer to a call that failed. */
export function answerUnaryError(res: HttpResponse, encoding: Encoding, error: ConnectError, said: Said): void {
  const headers = headersFor(encoding, said);
  if (encoding.protocol === "connect") {
    const more = new Headers();
    mergeNonProtocolHeaders(more, error.metadata);
    addHeaders(headers, more);
    headers["content-type"] = "application/json";
    return send(res, codeToHttpStatus(error.code), headers, errorToJsonBytes(error, undefined));
  }
  if (encoding.protocol === "grpc-web")
    return send(res, 200, headers, frame(trailerSerialize(statusOf(error)), trailerFlag));
  sendWithTrailers(res, headers, trailersOf(error));
}

function statusOf(error: ConnectError): Headers {
  const status = new Headers();
  setTrailerStatus(status, error);
  return status;
}

/** The trailers by which gRPC tells that a call failed. */
export function trailersOf(error: ConnectError): Record<string, string | string[]> {
  const trailers: NodeHeaders = {};
  addHeaders(trailers, statusOf(error));
  return trailers;
}

function headersFor({ protocol, binary }: Encoding, said: Said): NodeHeaders {
  const format = binary ? "proto" : "json";
  const type = protocol === "connect" ? `application/${format}` : `application/${protocol}+${format}`;
  return { ...said, "content-type": type };
}

function send(res: HttpResponse, status: number, headers: NodeHeaders, body: Uint8Array): void {
  headers["content-length"] = String(body.length);
  (res as ServerResponse).writeHead(status, headers).end(body);
}

function sendWithTrailers(res: HttpResponse, headers: NodeHeaders, trailers: NodeHeaders, body?: Uint8Array): void {
  const response = res as ServerResponse;
  // What fails is told by headers alone, as in `GrpcCall.answer`.
  if (!body) return endWith(response, { ...headers, ...trailers });
  response.writeHead(200, headers);
  response.addTrailers(trailers as Record<string, string>);
  response.end(body);
}

/** Ends an answer by its headers, whose frame says over HTTP/2 that nothing follows if nothing was written before. */
function endWith(response: ServerResponse, headers: NodeHeaders): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end();
}

/** Writes into the room before a message by which gRPC tells its flags and its length. */
export function enveloped(message: Buffer, flags = 0): Buffer {
  message[0] = flags;
  message.writeUInt32BE(message.length - envelopeBytes, 1);
  return message;
}

function frame(message: Uint8Array, flags = 0): Buffer {
  const framed = Buffer.allocUnsafe(envelopeBytes + message.length);
  framed.set(message, envelopeBytes);
  return enveloped(framed, flags);
}
