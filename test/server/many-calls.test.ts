import assert from "node:assert/strict";
import { test } from "node:test";
import { frame, openSession, rawCall } from "../support/raw-call.ts";
import { startServer } from "../support/server.ts";

const reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
const calls: Readonly<Record<string, Record<string, string>>> = {
  "health, over gRPC": { ":path": "/grpc.health.v1.Health/Check", "content-type": "application/grpc" },
  "health, over gRPC-web": { ":path": "/grpc.health.v1.Health/Check", "content-type": "application/grpc-web+proto" },
  "health, over Connect": { ":path": "/grpc.health.v1.Health/Check", "content-type": "application/proto" },
  "reflection, over gRPC": { ":path": reflection, "content-type": "application/grpc" },
  "reflection, over Connect": { ":path": reflection, "content-type": "application/connect+proto" },
  "a call with a deadline that is none": {
    ":path": "/ostiary.public.v1.LoginService/GetLoginFlow",
    "content-type": "application/grpc",
    "grpc-timeout": "soon",
  },
};

// More than may run at once on a connection.
const count = 200;

test("a connection serves as many calls as a client makes, one after another", { timeout: 60_000 }, async (t) => {
  const { publicUrl } = await startServer(t);
  for (const [name, headers] of Object.entries(calls)) {
    const session = openSession(t, publicUrl);
    const body = headers["content-type"] === "application/proto" ? Buffer.alloc(0) : frame(Buffer.alloc(0));
    for (let n = 0; n < count; n++)
      assert.equal((await rawCall(session, headers, body)).status, 200, `${name}: call ${n}`);
  }
});

test("those whose clients have gone leave room for others", { timeout: 60_000 }, async (t) => {
  const { publicUrl } = await startServer(t);
  const session = openSession(t, publicUrl);
  for (let n = 0; n < count; n++) {
    const stream = session.request({
      ":method": "POST",
      te: "trailers",
      ":path": "/grpc.health.v1.Health/Watch",
      "content-type": "application/grpc",
    });
    stream.on("error", () => undefined).end(frame(Buffer.alloc(0)));
    await new Promise((answered) => stream.once("data", answered));
    stream.close();
  }
  assert.equal((await rawCall(session, calls["health, over gRPC"]!, frame(Buffer.alloc(0)))).grpc, "0");
});
