import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Code } from "@connectrpc/connect";
import { createPublicClients } from "@ostiary/sdk";
import { createChannelTransport } from "@ostiary/sdk/grpc";
import type { ChannelTransportOptions } from "@ostiary/sdk/grpc";
import { HealthCheckResponse_ServingStatus as Status } from "#gen/grpc/health/v1/health_pb.js";
import { startEcho } from "../support/grpc-echo.ts";
import type { EchoServer } from "../support/grpc-echo.ts";

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1000) throw new Error(`it never came to be that ${what}`);
    await pause(10);
  }
}

/** Two servers, and somebody who calls them; whom the last calls went to. */
async function start(t: TestContext, options: Partial<ChannelTransportOptions> = {}) {
  const servers = [await startEcho(t), await startEcho(t)] as const;
  const target = servers.map(({ port }) => `127.0.0.1:${port}`);
  const transport = createChannelTransport({ target, tls: false, ...options });
  t.after(() => transport.close());
  const { session } = createPublicClients(transport);
  const counts = () => servers.map(({ calls }) => calls.length);
  async function askTen(): Promise<number[]> {
    const before = counts();
    for (let each = 0; each < 10; each++) await session.exchangeSessionToken({});
    return counts().map((count, at) => count - before[at]!);
  }
  await transport.ready();
  return { servers, session, askTen };
}

const watched = (servers: readonly EchoServer[]) =>
  until(() => servers.every((server) => server.watchers() > 0), "all are watched");

/** What a server says is heard a moment later. */
const untilAsked = (askTen: () => Promise<number[]>, expected: readonly number[]) =>
  (async () => {
    for (let tries = 0; tries < 100; tries++) {
      if (JSON.stringify(await askTen()) === JSON.stringify(expected)) return;
      await pause(20);
    }
    assert.deepEqual(await askTen(), expected);
  })();

test("calls are spread, keep away from a server that says it does not serve, and come back", async (t) => {
  const { servers, askTen } = await start(t);
  await watched(servers);
  await untilAsked(askTen, [5, 5]);
  servers[0].setHealth(Status.NOT_SERVING);
  await untilAsked(askTen, [0, 10]);
  servers[0].setHealth(Status.SERVING);
  await untilAsked(askTen, [5, 5]);
});

test("where no server says that it serves, all are asked: one that is about to go still answers", async (t) => {
  const { servers, askTen } = await start(t);
  await watched(servers);
  for (const server of servers) server.setHealth(Status.NOT_SERVING);
  await pause(100);
  await untilAsked(askTen, [5, 5]);
});

test("a server that does not know of health serves", async (t) => {
  const echo = await startEcho(t);
  echo.setHealth("unimplemented");
  const transport = createChannelTransport({ target: `127.0.0.1:${echo.port}`, tls: false });
  t.after(() => transport.close());
  await createPublicClients(transport).session.exchangeSessionToken({});
  await pause(100);
  await createPublicClients(transport).session.exchangeSessionToken({});
  assert.equal(echo.calls.length, 2);
});

test("nobody is watched unless that is wanted, and no longer than the transport is there", async (t) => {
  const unwatched = await start(t, { health: false });
  await untilAsked(unwatched.askTen, [5, 5]);
  assert.deepEqual(
    unwatched.servers.map((server) => server.watchers()),
    [0, 0],
  );
  const echo = await startEcho(t);
  const transport = createChannelTransport({ target: `127.0.0.1:${echo.port}`, tls: false });
  await transport.ready();
  await watched([echo]);
  transport.close();
  await until(() => echo.watchers() === 0, "nobody watches");
});

test("pick_first stays with one server", async (t) => {
  const { askTen } = await start(t, { loadBalancing: "pick_first" });
  const asked = await askTen();
  assert.deepEqual(asked.toSorted(), [0, 10]);
  assert.deepEqual(await askTen(), asked);
});

test("calls wait for a server where that is wanted", async () => {
  const nobody = { target: "127.0.0.1:1", tls: false } as const;
  using impatient = createChannelTransport({ ...nobody, retries: false });
  await assert.rejects(createPublicClients(impatient).session.exchangeSessionToken({}), { code: Code.Unavailable });
  using patient = createChannelTransport({ ...nobody, waitForReady: true });
  const call = createPublicClients(patient).session.exchangeSessionToken({}, { timeoutMs: 200 });
  await assert.rejects(call, { code: Code.DeadlineExceeded });
});
