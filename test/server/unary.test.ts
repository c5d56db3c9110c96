import assert from "node:assert/strict";
import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import type { TestContext } from "node:test";
import fc from "fast-check";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { ErrorReason, problem } from "../../src/errors.ts";
import { createConnectHandler } from "../../src/server/connect.ts";
import { createDispatcher, defineService } from "../../src/server/dispatch.ts";
import { takeGrpcStreams } from "../../src/server/grpc-stream.ts";
import { createListener } from "../../src/server/listener.ts";
import { frame } from "../support/raw-call.ts";
import { servedTenant } from "../support/served-tenant.ts";

const path = "/ostiary.public.v1.SessionService/ExchangeSessionToken";

/** A service that answers what it was asked, or fails as it was asked to. */
const echo = defineService(SessionService, {
  async exchangeSessionToken({ initCode, returnToCode }, ctx) {
    ctx.call.reply.headers.append("set-cookie", returnToCode.length > 3 ? "told=long" : "told=short");
    if (initCode === "fail") throw problem(ErrorReason.NOT_FOUND, { reason: "asked for" });
    if (initCode === "crash") throw new Error("not meant to be seen");
    return { sessionToken: `${initCode}/${returnToCode}` };
  },
});

async function serve(t: TestContext, way: "stream" | "request" | "whole"): Promise<ClientHttp2Session> {
  const log = { debug() {}, info() {}, warn() {}, error() {}, withoutDebug: true };
  const dispatcher = createDispatcher({
    services: [echo],
    log,
    createContext: (call) => ({ call, log, now: () => new Date(0) }) as never,
  });
  const baseUrl = () => "http://id.example.org/";
  const options = { dispatcher, baseUrl, tenantOf: () => servedTenant, largestMessage: () => 1024 * 1024 };
  const { handle } = createConnectHandler({ ...options, extra: () => undefined, fast: way !== "whole" });
  const listener = createListener(
    { host: "127.0.0.1", port: 0, requestTimeoutMs: 60_000, idleTimeoutMs: 60_000 },
    handle,
    way === "stream" ? takeGrpcStreams({ ...options, log, resolve: () => undefined }) : undefined,
  );
  const client = connect(await listener.listen());
  t.after(() => {
    client.destroy();
    return listener.close(0);
  });
  return client;
}

interface Seen {
  readonly headers: object;
  readonly trailers: object;
  readonly body: string;
}

/** All that a client can see of an answer; of gRPC's errors not by which of its two frames of headers they were told. */
async function exchange(client: ClientHttp2Session, headers: Record<string, string>, body: Buffer): Promise<unknown> {
  const seen = await ask(client, headers, body);
  if (typeof seen === "string" || (seen.trailers as Record<string, string>)["grpc-status"] === "0") return seen;
  return { headers: { ...seen.headers, ...seen.trailers }, trailers: {}, body: seen.body };
}

function ask(client: ClientHttp2Session, headers: Record<string, string>, body: Buffer): Promise<Seen | string> {
  return new Promise((resolve) => {
    const stream = client.request({ ":method": "POST", ":path": path, te: "trailers", ...headers });
    const seen = { headers: {}, trailers: {}, body: "" };
    const chunks: Buffer[] = [];
    // The short way knows how long its answer is, and says so; it never compresses one, and need not say how.
    const visible = ({ date: _, "content-length": __, "grpc-encoding": ___, ...rest }: Record<string, unknown>) => rest;
    stream.on("response", (received) => (seen.headers = visible(received)));
    stream.on("trailers", (received) => (seen.trailers = visible(received)));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", () => resolve("broken off"));
    stream.on("end", () => resolve({ ...seen, body: Buffer.concat(chunks).toString("hex") }));
    stream.end(body);
  });
}

/** An answer as text, its details and its body included. */
const said = (seen: unknown): string => {
  const { headers, trailers, body } = seen as Seen;
  return `${JSON.stringify([headers, trailers])} ${Buffer.from(body, "hex").toString()}`;
};

const text = (tag: number, value: string) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(tag << 3) | 2, bytes.length]), bytes]);
};

const word = fc.oneof(fc.constantFrom("fail", "crash", "", "a", "abcd", "ü\u{1f600}"), fc.string({ maxLength: 20 }));
const type = fc.constantFrom(
  ...["application/proto", "application/json", "application/grpc", "application/grpc+proto", "application/grpc+json"],
  ...[
    "application/grpc-web",
    "application/grpc-web+proto",
    "application/grpc-web+json",
    "text/plain",
    "application/json; charset=utf-8",
  ],
);
const damage = fc.constantFrom(
  "none",
  "none",
  "none",
  "cut",
  "extra",
  "garbage",
  "flag",
  "empty",
  "gzip",
  "lying length",
);
const timeout = fc.constantFrom(undefined, "5S", "9999", "x", "1H");

test("the short ways answer as Connect's own handlers do, whatever comes", async (t) => {
  const [stream, fast, whole] = [await serve(t, "stream"), await serve(t, "request"), await serve(t, "whole")];
  await fc.assert(
    fc.asyncProperty(word, word, type, damage, timeout, async (initCode, returnToCode, contentType, harm, deadline) => {
      const message = contentType.includes("json")
        ? Buffer.from(JSON.stringify({ initCode, returnToCode }))
        : Buffer.concat([text(1, initCode), text(2, returnToCode)]);
      const framed = contentType.includes("grpc");
      const damaged =
        harm === "garbage" ? Buffer.from([255, 255, 255]) : harm === "cut" ? message.subarray(0, -1) : message;
      const zipped = harm === "gzip" ? gzipSync(damaged) : damaged;
      const wrapped = framed
        ? frame(
            zipped,
            harm === "flag" || harm === "gzip" ? 1 : 0,
            harm === "lying length" ? zipped.length + 7 : zipped.length,
          )
        : zipped;
      const body = harm === "empty" ? Buffer.alloc(0) : harm === "extra" ? Buffer.concat([wrapped, wrapped]) : wrapped;
      const headers: Record<string, string> = { "content-type": contentType };
      if (harm === "gzip") headers[framed ? "grpc-encoding" : "content-encoding"] = "gzip";
      if (deadline !== undefined) headers[framed ? "grpc-timeout" : "connect-timeout-ms"] = deadline;
      const [short, long] = [await exchange(fast, headers, body), await exchange(whole, headers, body)];
      assert.deepEqual(await exchange(stream, headers, body), short);
      // What cannot be read Connect takes for a fault of the server, and has no reason of the catalogue for it.
      if (/request( |%20)is( |%20)malformed/.test(said(short)))
        assert.match(said(long), /"code":"(internal|invalid_argument)"|grpc-status\W+(3|12|13)\b/);
      else assert.deepEqual(short, long);
    }),
    { numRuns: 400 },
  );
});

test("a gRPC call that fails is told so by headers alone, after which clients may make it again", async (t) => {
  for (const way of ["stream", "request"] as const) {
    const client = await serve(t, way);
    const failing = frame(Buffer.concat([text(1, "fail"), text(2, "x")]));
    const { headers, trailers } = (await ask(client, { "content-type": "application/grpc" }, failing)) as Seen;
    assert.equal((headers as Record<string, string>)["grpc-status"], "5", way);
    assert.deepEqual(trailers, {}, way);
  }
});
