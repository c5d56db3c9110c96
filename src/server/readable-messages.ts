import { fromBinary } from "@bufbuild/protobuf";
import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { compressionGzip } from "@connectrpc/connect-node";
import { encodeEnvelope, transformSplitEnvelope } from "@connectrpc/connect/protocol";
import { ErrorReason, problem } from "../errors.ts";
import { toConnectError } from "./connect-error.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const compressedFlag = 1;
const framedType = /^application\/(grpc|connect\+)/;

/**
 * Passes the body of a request on, as long as its messages can be read. Connect's handlers would take one that cannot for a
 * fault of the server. `met` hears how long each is.
 */
export async function* onlyReadable(
  body: AsyncIterable<Uint8Array>,
  { input }: DescMethod,
  headers: Headers,
  mostBytes: number,
  met?: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  const type = headers.get("content-type") ?? "";
  const gzip = ["grpc-encoding", "connect-content-encoding", "content-encoding"].some(
    (name) => headers.get(name) === "gzip",
  );
  const binary = !type.includes("json");
  const check = async (bytes: Uint8Array, compressed: boolean) => {
    const message = compressed ? await unzip(bytes as Bytes, gzip, mostBytes) : bytes;
    met?.(message.length);
    if (binary) parse(message);
  };
  const parse = (message: Uint8Array) => {
    try {
      fromBinary(input, message);
    } catch (error) {
      throw unreadable((error as Error).message);
    }
  };

  if (framedType.test(type)) {
    for await (const { flags, data } of transformSplitEnvelope(mostBytes)(body)) {
      if (flags <= compressedFlag) await check(data, flags === compressedFlag);
      yield encodeEnvelope(flags, data);
    }
    return;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length <= mostBytes) chunks.push(chunk);
    yield chunk;
  }
  if (length <= mostBytes) await check(Buffer.concat(chunks), gzip);
}

const unreadable = (why: string) =>
  toConnectError(problem(ErrorReason.BAD_REQUEST, { reason: `The message cannot be read: ${why}` }));

async function unzip(bytes: Bytes, known: boolean, mostBytes: number): Promise<Uint8Array> {
  if (!known) throw unreadable("it is compressed by no known means");
  try {
    return await compressionGzip.decompress(bytes, mostBytes);
  } catch (error) {
    throw ConnectError.from(error).code === Code.ResourceExhausted ? error : unreadable("it is no gzip");
  }
}
