import { connect } from "node:http2";
import type { ClientHttp2Session, IncomingHttpHeaders } from "node:http2";
import type { TestContext } from "node:test";

/** What came back for bytes that were sent as they are. */
export interface RawAnswer {
  readonly status: number;
  /** `grpc-status`, wherever it was said; empty where it was not. */
  readonly grpc: string;
  /** The body, and the details of a gRPC error. */
  readonly text: string;
}

/** A connection over HTTP/2 that ends with the test. */
export function openSession(t: TestContext, url: string): ClientHttp2Session {
  // The client keeps what the server has not taken yet.
  const session = connect(url, { maxSessionMemory: 100 });
  session.on("error", () => undefined);
  t.after(() => session.destroy());
  return session;
}

/** Sends bytes as they are: by POST, or by GET where there are none. */
export async function rawCall(
  session: ClientHttp2Session,
  headers: Record<string, string>,
  body?: Buffer,
): Promise<RawAnswer> {
  const stream = session.request({ ":method": body ? "POST" : "GET", te: "trailers", ...headers });
  let status = 0;
  let grpc = "";
  let text = "";
  const hear = (received: IncomingHttpHeaders) => {
    grpc = String(received["grpc-status"] ?? "");
    if (grpc) text += `grpc-status-details-bin: ${String(received["grpc-status-details-bin"] ?? "")}`;
  };
  stream.on("response", (received) => {
    status = Number(received[":status"]);
    hear(received);
  });
  stream.on("trailers", hear);
  stream.end(body);
  for await (const chunk of stream) text += String(chunk);
  const details = /grpc-status-details-bin: ([\w+/]+)/.exec(text)?.[1] ?? "";
  return {
    status,
    grpc: grpc || (/grpc-status: (\d+)/.exec(text)?.[1] ?? ""),
    text: text + Buffer.from(details, "base64").toString(),
  };
}

/** A message with the five bytes by which gRPC tells its flags and its length. */
export function frame(message: Buffer, flags = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}
