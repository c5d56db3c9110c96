import http from "node:http";
import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { fromJson, toBinary } from "@bufbuild/protobuf";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { rawCall, frame } from "../support/raw-call.ts";
import type { Result } from "./figures.ts";
import { oneOf } from "./known.ts";
import type { Known } from "./known.ts";
import type { Random } from "./random.ts";
import { treeOf } from "./tree.ts";

/** A call as bytes, over gRPC or Connect. */
export interface RpcRequest {
  readonly protocol: "gRPC" | "Connect";
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly json: string;
}

const serversFault: readonly number[] = [
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.Unimplemented,
  Code.Internal,
  Code.Unavailable,
  Code.DataLoss,
];

/** Makes a call of a method: in JSON, or in binary where the message is one; now and then broken. */
export function callFor(random: Random, known: Known, method: DescMethodUnary): RpcRequest {
  const tree = treeOf({ random, known, style: "proto" }, method.input);
  const json = JSON.stringify(tree);
  const binary = random.chance(0.6) ? binaryOf(method, tree) : undefined;
  const message = broken(random, binary ?? Buffer.from(json));
  const protocol = random.pick(["gRPC", "Connect"] as const);
  const token = random.chance(0.5) ? oneOf(random, known.tokens) : undefined;
  const kind = binary ? "proto" : "json";
  const headers = {
    "content-type": protocol === "gRPC" ? `application/grpc+${kind}` : `application/${kind}`,
    "x-forwarded-for": `203.0.${random.below(256)}.${random.below(256)}`,
    ...(token && { "x-session-token": token }),
  };
  return {
    protocol,
    path: `/${method.parent.typeName}/${method.name}`,
    headers,
    body: protocol === "gRPC" ? frame(message) : message,
    json,
  };
}

function binaryOf(method: DescMethodUnary, tree: object): Buffer | undefined {
  try {
    return Buffer.from(toBinary(method.input, fromJson(method.input, tree as never, { ignoreUnknownFields: true })));
  } catch {
    return undefined;
  }
}

function broken(random: Random, message: Buffer): Buffer {
  if (message.length === 0 || random.chance(0.95)) return message;
  const copy = Buffer.from(message);
  copy[random.below(copy.length)] = random.below(256);
  return random.chance(0.3) ? copy.subarray(0, random.below(copy.length)) : copy;
}

/** Opens the ways by which calls go to a port. */
export function openRpc(base: string, agent: http.Agent) {
  const session: ClientHttp2Session = connect(base);
  session.on("error", () => undefined);
  return {
    close: () => session.destroy(),
    async send({ protocol, path, headers, body, json }: RpcRequest): Promise<Result> {
      const start = performance.now();
      const told = `${protocol} ${path} ${JSON.stringify(headers)} ${json} ${body.toString("base64").slice(0, 2000)}`;
      const answered = await (
        protocol === "gRPC" ? overGrpc(session, path, headers, body) : overConnect(base, agent, path, headers, body)
      ).catch((error: unknown) => ({ code: -1, answer: String(error) }));
      const { code, answer } = answered;
      return {
        verdict: `${protocol} ${code < 0 ? "none" : code === 0 ? "Ok" : Code[code]}`,
        failed: code < 0 || serversFault.includes(code),
        ms: performance.now() - start,
        told,
        answer: answer.slice(0, 400),
      };
    },
  };
}

async function overGrpc(session: ClientHttp2Session, path: string, headers: Record<string, string>, body: Buffer) {
  const { grpc, text } = await rawCall(session, { ":path": path, ...headers }, body);
  return { code: grpc === "" ? -1 : Number(grpc), answer: text };
}

const snake = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
const codes = new Map(
  Object.values(Code)
    .filter((code) => typeof code === "number")
    .map((code) => [snake(Code[code]!), code]),
);

function overConnect(
  base: string,
  agent: http.Agent,
  path: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<{ code: number; answer: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      base + path,
      { method: "POST", headers: { ...headers, "content-length": String(body.length) }, agent, timeout: 60_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString();
          const word = response.statusCode === 200 ? undefined : /"code":"(\w+)"/.exec(answer)?.[1];
          resolve({
            code:
              response.statusCode === 200
                ? 0
                : (codes.get(word === "canceled" ? "canceled" : (word ?? "")) ?? Code.Unknown),
            answer,
          });
        });
      },
    );
    request.on("error", reject).on("timeout", () => request.destroy(new Error("timeout")));
    request.end(body);
  });
}
