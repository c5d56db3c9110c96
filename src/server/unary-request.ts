import type { DescMethodUnary } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { compressionGzip } from "@connectrpc/connect-node";
import { parseTimeout as parseConnectTimeout } from "@connectrpc/connect/protocol-connect";
import { parseTimeout as parseGrpcTimeout } from "@connectrpc/connect/protocol-grpc";
import type { RequestHead } from "./http.ts";

/** How a call is written: by which protocol, in protobuf's binary format or in JSON. */
export interface Encoding {
  readonly protocol: "connect" | "grpc" | "grpc-web";
  readonly binary: boolean;
}

/** How a plain unary call is written: all that its headers, or its query, say of it. */
export interface UnaryRequest {
  readonly encoding: Encoding;
  readonly compressed: boolean;
  readonly timeoutMs: number | undefined;
  /** The message, where the query holds it. */
  readonly message?: Buffer;
}

/** What a body holds: the message, or why there is none. */
export type Unwrapped = Uint8Array | "too large" | "it is no gzip" | "it is not framed as one message";

const encodings: Readonly<Record<string, Encoding>> = {
  "application/json": { protocol: "connect", binary: false },
  "application/proto": { protocol: "connect", binary: true },
  "application/grpc": { protocol: "grpc", binary: true },
  "application/grpc+proto": { protocol: "grpc", binary: true },
  "application/grpc+json": { protocol: "grpc", binary: false },
  "application/grpc-web": { protocol: "grpc-web", binary: true },
  "application/grpc-web+proto": { protocol: "grpc-web", binary: true },
  "application/grpc-web+json": { protocol: "grpc-web", binary: false },
};
/** How many bytes tell the flags and the length of a message of gRPC. */
export const envelopeBytes = 5;

/** Reads what a request says of its call; undefined where it is not plain. */
export function readUnaryRequest(req: RequestHead, method: DescMethodUnary): UnaryRequest | undefined {
  if (req.method === "GET") return method.idempotency === Idempotency.NO_SIDE_EFFECTS ? readGet(req) : undefined;
  const { headers } = req;
  const encoding = req.method === "POST" ? encodings[withoutCharset(headers["content-type"])] : undefined;
  if (!encoding) return undefined;
  return described(req, encoding, headers[encoding.protocol === "connect" ? "content-encoding" : "grpc-encoding"]);
}

/** A call without side effects may be a GET of the Connect protocol, with its message in the query. */
function readGet(req: RequestHead): UnaryRequest | undefined {
  const url = req.url ?? "";
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  const encoding = encodings[`application/${query.get("encoding")}`];
  const text = query.get("message");
  if (!url.includes("?") || encoding?.protocol !== "connect" || text === null) return undefined;
  const read = described(req, encoding, query.get("compression") ?? undefined);
  return read && { ...read, message: Buffer.from(text, query.get("base64") === "1" ? "base64url" : "utf8") };
}

function described(req: RequestHead, encoding: Encoding, compression: unknown = "identity"): UnaryRequest | undefined {
  const compressed = compression === "gzip";
  const timeout = timeoutOf(req, encoding.protocol);
  if (timeout.error || (!compressed && compression !== "identity")) return undefined;
  return { encoding, compressed, timeoutMs: timeout.timeoutMs };
}

const withoutCharset = (type = "") => type.toLowerCase().replace(/^(application\/json); ?charset=utf-?8$/, "$1");

function timeoutOf({ headers }: RequestHead, protocol: Encoding["protocol"]) {
  const value = headers[protocol === "connect" ? "connect-timeout-ms" : "grpc-timeout"];
  if (value === undefined) return {};
  const parse = protocol === "connect" ? parseConnectTimeout : parseGrpcTimeout;
  return parse(String(value), Number.MAX_SAFE_INTEGER);
}

/** How many bytes a body may have that holds a message of so many. */
export const largestBodyOf = (mostBytes: number, { encoding }: UnaryRequest): number =>
  mostBytes + (encoding.protocol === "connect" ? 0 : envelopeBytes);

/** The one message in a body. */
export async function unwrap(body: Buffer, most: number, asked: UnaryRequest): Promise<Unwrapped> {
  const message = messageIn(body, most, asked);
  if (typeof message === "string" || !isPacked(body, asked)) return message;
  // What is no gzip, and what is larger unpacked than anyone may send, zlib tells by errors of its own.
  return compressionGzip
    .decompress(message as Uint8Array<ArrayBuffer>, most)
    .catch((error: unknown) =>
      ConnectError.from(error).code === Code.ResourceExhausted ? "too large" : "it is no gzip",
    );
}

/** The one message in a body, compressed where it is. */
export function messageIn(body: Buffer, most: number, { encoding, compressed }: UnaryRequest): Unwrapped {
  const framed = encoding.protocol !== "connect";
  if (framed && body.length >= envelopeBytes && body.readUInt32BE(1) > most) return "too large";
  if (framed && !holdsOne(body, compressed)) return "it is not framed as one message";
  const message = framed ? body.subarray(envelopeBytes) : body;
  return message.length > most ? "too large" : message;
}

const isPacked = (body: Buffer, { encoding, compressed }: UnaryRequest): boolean =>
  encoding.protocol === "connect" ? compressed : body[0] === 1;

const holdsOne = (body: Buffer, compressed: boolean) =>
  body.length >= envelopeBytes &&
  body[0]! <= Number(compressed) &&
  body.readUInt32BE(1) === body.length - envelopeBytes;
