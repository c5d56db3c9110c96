import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "node:test";
import { claim, leaseMs } from "../../src/courier/claim.ts";
import { enqueueDecoy } from "../../src/courier/enqueue.ts";
import { courierDispatches } from "../../src/courier/entities.ts";
import type { CourierMessage } from "../../src/courier/entities.ts";
import { findMessage, listMessages } from "../../src/courier/list.ts";
import { backoffMs, settle } from "../../src/courier/settle.ts";
import { courierContext } from "../support/courier-context.ts";
import { codeMail, eachOutbox, mailConfig, outbox, post, until } from "../support/courier.ts";
import { countOf, rowsOf } from "../support/rows.ts";
import { refusal, startMailServer } from "../support/mail-server.ts";

const now = () => new Date();
const later = (ms: number) => () => new Date(Date.now() + ms);

eachOutbox("many workers send each message once", async ({ db, t, work }) => {
  const server = await startMailServer(t);
  const config = mailConfig(server.port);
  await post(db, config, ...Array.from({ length: 200 }, (_, n) => codeMail(`p${n}@example.org`)));
  for (let n = 0; n < 4; n++) work(config);
  await until(async () => (await outbox(db)).every(({ status }) => status === "sent"), 30_000);
  const recipients = server.received.map(({ to }) => to[0]);
  assert.equal(recipients.length, 200);
  assert.equal(new Set(recipients).size, 200);
  assert.equal(await countOf(db, courierDispatches, (query) => query.where("status", "=", "success")), 200);
});

eachOutbox("a message is sent as soon as it is committed", async ({ db, t, work }) => {
  const server = await startMailServer(t);
  const config = mailConfig(server.port, { worker: { pull_wait: "1h" } });
  work(config);
  await pause(100);
  const start = performance.now();
  await post(db, config, codeMail("anna@example.org"));
  await until(() => server.count() === 1, 3000);
  assert.ok(performance.now() - start < 3000);
});

eachOutbox("of a dead worker's messages none is lost, and each attempt is accounted for", async ({ db }) => {
  const config = mailConfig(1);
  await post(db, config, codeMail("anna@example.org"));
  const [lost] = await claim(db, 10, now);
  assert.deepEqual(await claim(db, 10, later(leaseMs - 1000)), []);
  const [taken] = await claim(db, 10, later(leaseMs + 1000));
  assert.equal(taken!.message.sendCount, 2);
  const options = { retries: 5, keepWords: true, now: later(leaseMs + 2000)() };
  assert.equal(await settle(db, lost!, undefined, options), undefined, "who has lost the message has no say");
  assert.equal(await settle(db, taken!, undefined, options), "sent");
  const dispatches = await rowsOf(db, courierDispatches);
  assert.deepEqual(
    dispatches.map(({ status }) => status),
    ["failed", "success"],
  );
  assert.deepEqual(await claim(db, 10, later(10 * leaseMs)), []);
});

eachOutbox("a poisoned message is given up after its retries and blocks nobody", async ({ db, t, work }) => {
  const server = await startMailServer(t, {
    refuse: (to) => (to.startsWith("poison") ? refusal(450, "not now") : undefined),
  });
  const config = mailConfig(server.port, { message_retries: 2, worker: { pull_wait: "20ms", pull_count: 2 } });
  let ahead = 0;
  await post(
    db,
    config,
    ...Array.from({ length: 4 }, (_, n) => codeMail(`poison${n}@example.org`)),
    codeMail("anna@example.org"),
  );
  work(config, () => ahead);
  await until(() => server.count() === 1);
  await until(async () => {
    const messages = await outbox(db);
    // The clock moves on only while nothing is under way, or leases would end that are still held.
    if (
      messages.every(
        ({ status, dueAt }) =>
          status !== "processing" && (dueAt === null || dueAt.getTime() > Date.now() + ahead + 300),
      )
    )
      ahead += 3_600_000;
    return messages.every(({ status }) => status === "sent" || status === "abandoned");
  }, 10_000);
  const messages = await outbox(db);
  assert.deepEqual(
    messages.map(({ status, sendCount }) => [status, sendCount]),
    [...Array(4).fill(["abandoned", 3]), ["sent", 1]],
  );
  assert.equal(await countOf(db, courierDispatches, (query) => query.where("status", "=", "failed")), 12);
});

eachOutbox("outside development the words go when they are of no more use", async ({ db, t, work }) => {
  const server = await startMailServer(t);
  const config = { ...mailConfig(server.port, { inbox: false }), dev: false };
  await post(db, config, codeMail("anna@example.org"));
  work(config);
  await until(async () => (await outbox(db))[0]!.status === "sent");
  const [{ subject, body, htmlBody, templateData, requestHeaders }] = (await outbox(db)) as [CourierMessage];
  assert.deepEqual(
    { subject, body, htmlBody, templateData, requestHeaders },
    { subject: "", body: "", htmlBody: null, templateData: {}, requestHeaders: {} },
  );
});

eachOutbox("messages that were taken over and over are sent in the end", async ({ db, t, work }) => {
  const server = await startMailServer(t);
  const config = mailConfig(server.port);
  const recipients = Array.from({ length: 40 }, (_, n) => `p${n}@example.org`);
  await post(db, config, ...recipients.map((to) => codeMail(to)));
  // Taken, and never heard of again.
  for (let kills = 0; kills < 3; kills++) assert.equal((await claim(db, 5, later(kills * (leaseMs + 1000)))).length, 5);
  work(config, () => 4 * (leaseMs + 1000));
  await until(async () => (await outbox(db)).every(({ status }) => status === "sent"), 10_000);
  assert.deepEqual(new Set(server.received.map(({ to }) => to[0])), new Set(recipients));
  const messages = await outbox(db);
  for (const { id, sendCount } of messages)
    assert.equal(await countOf(db, courierDispatches, (query) => query.where("messageId", "=", id)), sendCount);
});

test("pauses grow and are not all the same", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 9].map((attempt) => backoffMs(attempt, 0.5)),
    [2000, 12_000, 72_000, 432_000, 2_592_000, 3_600_000],
  );
  assert.deepEqual([backoffMs(1, 0), backoffMs(1, 1)], [1600, 2400]);
});

eachOutbox(
  "what only looks like a message is listed nowhere, and the next worker throws it away",
  async ({ db, t, work }) => {
    const server = await startMailServer(t);
    const config = mailConfig(server.port);
    const ctx = courierContext(db, config);
    await ctx.tx((tx) => enqueueDecoy(tx, codeMail("nobody@example.org")));
    const [decoy] = await outbox(db);
    assert.deepEqual([decoy!.status, decoy!.recipient], ["queued", "nobody@example.org"]);
    assert.deepEqual(await listMessages(ctx, {}, 10), []);
    assert.equal(await findMessage(ctx, decoy!.id), undefined);
    await post(db, config, codeMail("ada@example.org"));
    work(config);
    await until(async () => (await outbox(db)).every(({ status }) => status === "sent"));
    assert.deepEqual(
      (await outbox(db)).map(({ recipient }) => recipient),
      ["ada@example.org"],
    );
    assert.deepEqual(
      server.received.map(({ to }) => to),
      [["ada@example.org"]],
    );
    assert.equal(await countOf(db, courierDispatches), 1);
  },
);
