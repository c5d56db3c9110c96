import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { frame, openSession, rawCall } from "../support/raw-call.ts";
import { startServer } from "../support/server.ts";

const hex = (text: string) => Buffer.from(text, "hex");
const broken: Record<string, Buffer> = {
  "a field that breaks off": hex("0a05"),
  "a length past the end": hex("0a7f61"),
  "a length past all ends": hex("0affffffff0f61"),
  "an unknown field that breaks off": hex("9206ff0161"),
  "a number without end": Buffer.alloc(12, 0xff),
  "a tag that breaks off": hex("8080"),
  "a field without a number": hex("0000"),
  "text that is no UTF-8": hex("0a02c328"),
  "a group that is not closed": hex("9b060a0161"),
  "a group that was not opened": hex("0c"),
  "groups without end": Buffer.alloc(400, 0x0b),
  "a wire type that there is none of": hex("9606"),
};
const paths = {
  unary: ["/grpc.health.v1.Health/Check"],
  streaming: [
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
  ],
};

for (const port of ["public", "admin"] as const)
  test(`health and reflection say of a broken message that it is the client's, on the ${port} port`, async (t) => {
    const server = await startServer(t);
    const session = openSession(t, port === "public" ? server.publicUrl : server.adminUrl);
    const call = (path: string, type: string, body: Buffer, more = {}) =>
      rawCall(session, { ":path": path, "content-type": type, ...more }, body);
    for (const [what, message] of Object.entries(broken)) {
      for (const path of [...paths.unary, ...paths.streaming]) {
        for (const type of ["application/grpc", "application/grpc+proto", "application/grpc-web+proto"]) {
          assert.equal((await call(path, type, frame(message))).grpc, "3", `${path}, ${type}: ${what}`);
          assert.equal(
            (await call(path, type, frame(gzipSync(message), 1), { "grpc-encoding": "gzip" })).grpc,
            "3",
            `${path}, ${type}, packed: ${what}`,
          );
        }
      }
      for (const path of paths.unary) {
        const plain = await call(path, "application/proto", message);
        assert.equal(plain.status, 400, `${path}: ${what}`);
        assert.match(plain.text, /"code":"invalid_argument"/);
        assert.equal(
          (await call(path, "application/proto", gzipSync(message), { "content-encoding": "gzip" })).status,
          400,
          `${path}, packed: ${what}`,
        );
      }
      for (const path of paths.streaming)
        assert.match(
          (await call(path, "application/connect+proto", frame(message))).text,
          /"code":"invalid_argument"/,
          `${path}: ${what}`,
        );
    }
    for (const path of paths.unary) {
      assert.equal((await call(path, "application/json", Buffer.from("{"))).status, 400);
      assert.equal(
        (await call(path, "application/grpc", frame(Buffer.from("no gzip"), 1), { "grpc-encoding": "gzip" })).grpc,
        "3",
      );
      assert.equal(
        (await call(path, "application/grpc", frame(Buffer.alloc(0), 1))).grpc,
        "3",
        "compressed, by nothing",
      );
      assert.equal((await call(path, "application/grpc", frame(Buffer.alloc(0)))).grpc, "0");
      assert.equal((await call(path, "application/proto", Buffer.alloc(0))).status, 200);
    }
  });
