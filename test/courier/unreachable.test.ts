import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createCircuitBreaker } from "../../src/delivery/circuit-breaker.ts";
import { codeMail, eachOutbox, mailConfig, outbox, post, until } from "../support/courier.ts";
import type { Outbox } from "../support/courier.ts";
import { startMailServer } from "../support/mail-server.ts";

/** A port whose owner hangs up on everybody, and counts. */
async function hangsUp(): Promise<{ port: number; calls(): number; server: Server }> {
  let calls = 0;
  const server = createServer((socket) => {
    calls++;
    socket.on("error", () => undefined);
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, calls: () => calls, server };
}

const settled = async ({ db }: Outbox) => (await outbox(db)).every(({ status }) => status !== "processing");

eachOutbox(
  "a mail server that is down is left alone but for one message at a time, and gets them all when it is back",
  async (box) => {
    const down = await hangsUp();
    let ahead = 0;
    const config = mailConfig(down.port, { worker: { pull_wait: "20ms", pull_count: 5 } });
    await post(box.db, config, ...Array.from({ length: 40 }, (_, n) => codeMail(`p${n}@example.org`)));
    box.work(config, () => ahead);
    await until(async () => down.calls() >= 5 && (await settled(box)), 20_000);
    const tried = async () => (await outbox(box.db)).reduce((sum, { sendCount }) => sum + sendCount, 0);
    for (const pauseMs of [1000, 2000, 4000]) {
      const before = await tried();
      await pause(200);
      // No more of the forty has been tried than were under way when the server was given up.
      assert.ok((await tried()) <= before + 1 && before <= 5 + 5 + 3, `${before} tries`);
      ahead += pauseMs;
      await until(async () => (await tried()) > before && (await settled(box)), 20_000);
    }
    assert.ok(down.calls() <= 15, `${down.calls()} calls`);
    await new Promise((done) => down.server.close(done));
    const up = await startMailServer(box.t, { port: down.port });
    ahead += 3_600_000;
    await until(async () => (await outbox(box.db)).every(({ status }) => status === "sent"), 30_000);
    assert.equal(new Set(up.received.map(({ to }) => to[0])).size, 40);
  },
);

eachOutbox("while one channel is left alone, the others go on", async (box) => {
  const down = await hangsUp();
  box.t.after(() => down.server.close());
  const taken: string[] = [];
  const service = createHttpServer((req, res) => {
    req.resume();
    req.on("end", () => (taken.push(req.url!), res.end("{}")));
  }).listen(0, "127.0.0.1");
  await once(service, "listening");
  box.t.after(() => (service.closeAllConnections(), service.close()));
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/sms`;
  const config = mailConfig(down.port, {
    worker: { pull_wait: "20ms", pull_count: 5 },
    channels: [
      {
        id: "sms",
        type: "http",
        request_config: { url, method: "POST", body: `base64://${Buffer.from("function(ctx) {}").toString("base64")}` },
      },
    ],
  });
  await post(box.db, config, ...Array.from({ length: 20 }, (_, n) => codeMail(`p${n}@example.org`)));
  box.work(config);
  await until(async () => down.calls() >= 5 && (await settled(box)), 20_000);
  await post(box.db, config, { ...codeMail("+4915112345678"), channel: "sms" });
  await until(() => taken.length === 1, 20_000);
});

eachOutbox("messages of a channel that is down go by its fallback", async (box) => {
  const down = await hangsUp();
  box.t.after(() => down.server.close());
  const up = await startMailServer(box.t);
  let ahead = 0;
  const by = (port: number) => ({ connection_uri: `smtp://127.0.0.1:${port}/?disable_starttls=true` });
  const config = mailConfig(down.port, {
    worker: { pull_wait: "20ms", pull_count: 5 },
    channels: [
      { id: "email", type: "smtp", smtp_config: by(down.port), fallback: ["spare"] },
      { id: "spare", type: "smtp", smtp_config: by(up.port) },
    ],
  });
  await post(box.db, config, ...Array.from({ length: 20 }, (_, n) => codeMail(`p${n}@example.org`)));
  box.work(config, () => ahead);
  await until(
    async () => (await outbox(box.db)).every(({ sendCount }) => sendCount >= 1) && (await settled(box)),
    20_000,
  );
  ahead += 3000;
  await until(async () => (await outbox(box.db)).every(({ status }) => status === "sent"), 20_000);
  assert.equal(new Set(up.received.map(({ to }) => to[0])).size, 20);
});

test("pauses grow to half a minute, and end with the first message that gets through", () => {
  const breaker = createCircuitBreaker();
  const fail = (nowMs: number) => breaker.record("email", false, nowMs);
  assert.deepEqual([fail(0), fail(0), fail(0), fail(0)], [undefined, undefined, undefined, undefined]);
  assert.deepEqual(breaker.open(), []);
  assert.equal(fail(0), 1000);
  // Others that were under way at the time.
  assert.equal(fail(1), undefined);
  assert.deepEqual([breaker.open(), breaker.due(999), breaker.due(1000)], [["email"], [], ["email"]]);
  let nowMs = 1000;
  for (const pauseMs of [2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    breaker.probing("email", nowMs + 45_000);
    assert.deepEqual(breaker.due(nowMs), []);
    assert.equal(fail(nowMs), pauseMs);
    nowMs += pauseMs;
  }
  breaker.probing("email", nowMs + 45_000);
  breaker.record("email", true, nowMs);
  assert.deepEqual(breaker.open(), []);
  assert.equal(fail(nowMs), undefined);
});

test("what fails again and again for one line opens nothing, and what fails for others too does", () => {
  const breaker = createCircuitBreaker();
  const fail = (line: string) => breaker.record("crm", false, 0, line);
  for (let times = 0; times < 50; times++) assert.equal(fail("ada"), undefined);
  assert.equal(fail("bob"), undefined);
  breaker.record("crm", true, 0, "eve");
  for (const line of ["ada", "ada", "ada", "ada", "bob"]) assert.equal(fail(line), undefined);
  assert.equal(fail("eve"), 1000);
});
