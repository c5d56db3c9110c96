import assert from "node:assert/strict";
import { createServer } from "node:http2";
import type { ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Code } from "@connectrpc/connect";
import { createPublicClients } from "@ostiary/sdk";
import { createChannelTransport, defaultServiceConfig } from "@ostiary/sdk/grpc";
import { startEcho } from "../support/grpc-echo.ts";

const head = { ":status": 200, "content-type": "application/grpc+proto" };
const emptyMessage = Buffer.alloc(5);

const fine = (stream: ServerHttp2Stream) => {
  stream.respond(head, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(emptyMessage);
};

/** A server whose first answer is this one, and all others are fine. */
async function startFailing(t: TestContext, first: (stream: ServerHttp2Stream) => void) {
  let asked = 0;
  const server = createServer().on("stream", (stream) => (asked++ === 0 ? first(stream) : fine(stream)));
  server.on("session", (session) => void t.after(() => session.destroy()));
  t.after(() => server.close());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = createChannelTransport({ target, tls: false, health: false });
  t.after(() => transport.close());
  return { session: createPublicClients(transport).session, asked: () => asked };
}

const refuse = (stream: ServerHttp2Stream) =>
  stream.respond({ ...head, "grpc-status": "14", "grpc-retry-pushback-ms": "20" }, { endStream: true });

const breakOff = (stream: ServerHttp2Stream) => {
  stream.respond(head);
  stream.write(emptyMessage, () => setTimeout(() => stream.session?.destroy(), 20));
};

for (const [failure, first] of [
  ["a server that is unavailable for a moment", refuse],
  ["an answer that breaks off", breakOff],
] as const)
  test(`${failure} is asked again for what has no effect, and for nothing else`, async (t) => {
    const reading = await startFailing(t, first);
    await reading.session.toSession({});
    assert.equal(reading.asked(), 2);
    const writing = await startFailing(t, first);
    await assert.rejects(writing.session.exchangeSessionToken({}), { code: Code.Unavailable });
    assert.equal(writing.asked(), 1);
  });

test("hedging asks a second server where the first is slow, for what has no effect", async (t) => {
  const servers = [await startEcho(t), await startEcho(t)];
  const target = servers.map(({ port }) => `127.0.0.1:${port}`);
  using transport = createChannelTransport({ target, tls: false, hedging: { afterMs: 30 } });
  let asked = 0;
  for (const server of servers)
    server.beforeAnswer = () => (asked++ === 0 ? pause(30_000, undefined, { ref: false }) : undefined);
  await createPublicClients(transport).session.toSession({}, { timeoutMs: 5000 });
  assert.equal(asked, 2);
});

test("what is made again is what the contract says has no effect", () => {
  const { methodConfig } = defaultServiceConfig();
  const names = methodConfig.flatMap(({ name }) => name.map(({ service, method }) => `${service}/${method}`));
  assert.ok(names.includes("ostiary.public.v1.SessionService/ToSession"));
  assert.ok(names.includes("ostiary.admin.v1.EventService/WatchEvents"));
  for (const changing of ["admin.v1.IdentityService/CreateIdentity", "public.v1.LoginService/UpdateLoginFlow"])
    assert.ok(!names.includes(`ostiary.${changing}`), changing);
  assert.deepEqual(defaultServiceConfig({ retries: false }).methodConfig, []);
});
