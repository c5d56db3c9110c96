import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { collectingLog } from "../support/log.ts";
import { startServer } from "../support/server.ts";

const types = [
  "application/json",
  "application/proto",
  "application/connect+json",
  "application/grpc-web+proto",
  "application/grpc-web+json",
  "application/grpc+proto",
  "text/plain",
];
const paths = [
  "/grpc.health.v1.Health/Check",
  "/grpc.health.v1.Health/Watch",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "/ostiary.public.v1.LoginService/CreateNativeLoginFlow",
  "/self-service/login?flow=00000000-0000-0000-0000-000000000000",
  "/nowhere",
];
/** A message of no bytes in a frame, and more of one than was sent. */
const whole = Buffer.from([0, 0, 0, 0, 0]);
const bodies = [whole, Buffer.from("{}"), Buffer.alloc(0)];

/** Sends a request whose body is as long as said, and goes after a moment. */
async function leave(
  port: number,
  path: string,
  type: string,
  body: Buffer,
  length: number,
  way: "FIN" | "RST",
): Promise<void> {
  const socket = connect(port, "127.0.0.1")
    .on("error", () => undefined)
    .resume();
  await once(socket, "connect");
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: id.example.org\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`,
  );
  socket.write(body);
  await pause(30);
  if (way === "RST") socket.resetAndDestroy();
  else socket.destroy();
}

test("whoever leaves in the midst of a call leaves the server to all others", async (t) => {
  const { log, events } = collectingLog();
  const server = await startServer(t, { log });
  for (const url of [server.publicUrl, server.adminUrl]) {
    const port = Number(new URL(url).port);
    for (const type of types)
      for (const path of paths)
        await Promise.all(
          bodies.flatMap((body) =>
            [0, 7].flatMap((more) =>
              (["FIN", "RST"] as const).map((way) => leave(port, path, type, body, body.length + more, way)),
            ),
          ),
        );
    await pause(50);
    assert.equal((await fetch(`${url}/health/alive`)).status, 200);
  }
  assert.deepEqual(events, []);
});
