import assert from "node:assert/strict";
import { onEachDatabase } from "../support/servers.ts";
import { startReceiver } from "../support/receiver.ts";
import {
  briskly,
  deliveriesOf,
  eventually,
  flip,
  isRising,
  makeAccount,
  numbersOf,
  subscribe,
  verify,
} from "../support/subscriber.ts";

const hourMs = 3_600_000;

onEachDatabase(
  "subscribers are told what happens",
  async (server, t) => {
    const { adminClient } = server;

    await t.test("each event of their types, signed as the standard has it", async () => {
      const receiver = await startReceiver(t);
      const { id, secret } = await subscribe(server, { url: receiver.url, types: ["IdentityCreated"] });
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
      const account = await makeAccount(server, "ada@example.org");
      await flip(server, account);
      await makeAccount(server, "eve@example.org");
      await receiver.until(({ length }) => length >= 2);
      const first = receiver.received.find(({ body }) => body.data.subject_id === account);
      assert.deepEqual(verify(secret, first!), first!.body);
      assert.throws(() => verify(secret.replace(/.{5}=$/, "AAAAA="), first!));
      assert.throws(() =>
        verify(secret, { ...first!, text: first!.text.replace("IdentityCreated", "IdentityUpdated") }),
      );
      assert.equal(first!.body.data.subject_id, account);
      assert.equal(first!.headers["webhook-id"], first!.body.data.id);
      assert.equal(first!.body.timestamp, first!.body.data.occurred_at);
      const { body: event } = await adminClient.get(`/admin/events/${first!.body.data.id}`);
      assert.deepEqual(first!.body.data, event, "what is sent is the event of the contract");
      await eventually(async () => (await deliveriesOf(server, id, "delivered")).length === 2, "delivered");
      assert.equal(receiver.received.length, 2, "what else happened is not sent");
      const delivery = (await deliveriesOf(server, id)).find(({ subject_id }) => subject_id === account);
      assert.equal(delivery!.state, "delivered");
      assert.equal(delivery!.event_id, event.id);
      assert.equal(delivery!.attempts.length, 1);
      assert.equal(delivery!.attempts[0].status, 204);
      const { body: shown } = await adminClient.get(`/admin/subscriptions/${id}/deliveries/${delivery!.id}`);
      assert.deepEqual(shown, delivery);
      assert.equal((await adminClient.delete(`/admin/subscriptions/${id}`)).status, 204);
      assert.equal((await adminClient.get(`/admin/subscriptions/${id}`)).status, 404);
      assert.equal((await adminClient.get(`/admin/subscriptions/${id}/deliveries`)).status, 404);
    });

    await t.test(
      "one that was down for an hour misses nothing, and gets what is about one account in order",
      async () => {
        const receiver = await startReceiver(t, 500);
        const { id } = await subscribe(server, { url: receiver.url, types: ["IdentityStateChanged"] });
        const [one, other] = [
          await makeAccount(server, "one@example.org"),
          await makeAccount(server, "other@example.org"),
        ];
        await flip(server, one, 3);
        await flip(server, other, 3);
        await receiver.until(({ length }) => length >= 2);
        for (let minute = 0; minute < 60; minute += 20) {
          server.advance(20 * 60_000);
          const seen = receiver.received.length;
          await receiver.until(({ length }) => length > seen);
        }
        receiver.answer(204);
        receiver.received.length = 0;
        server.advance(3 * hourMs);
        await eventually(async () => (await deliveriesOf(server, id, "pending")).length === 0, "caught up");
        for (const account of [one, other]) {
          const numbers = numbersOf(receiver.received, account);
          assert.equal(numbers.length, 6);
          assert.ok(isRising(numbers), `in order: ${numbers.join(" ")}`);
        }
        const all = await deliveriesOf(server, id);
        assert.equal(all.length, 12);
        assert.ok(all.every(({ state }) => state === "delivered"));
        const first = all.at(-1)!;
        assert.ok(first.attempts.length > 1, "attempts are told");
        assert.deepEqual([first.attempts[0].status, first.attempts.at(-1).status], [500, 204]);
        await adminClient.delete(`/admin/subscriptions/${id}`);
      },
    );

    await t.test("what one account's event fails by holds up no other account's", async () => {
      const stuck = await makeAccount(server, "stuck@example.org");
      const free = await makeAccount(server, "free@example.org");
      const receiver = await startReceiver(t, (res, { body }) =>
        res.writeHead(body.data.subject_id === stuck ? 400 : 204).end(),
      );
      const { id } = await subscribe(server, { url: receiver.url, types: ["IdentityStateChanged"] });
      await flip(server, stuck, 2);
      await flip(server, free, 4);
      await receiver.until((received) => numbersOf(received, free).length === 8);
      assert.ok(isRising(numbersOf(receiver.received, free)));
      assert.equal(new Set(numbersOf(receiver.received, stuck)).size, 1, "nothing overtakes what has failed");

      server.advance(73 * hourMs);
      await eventually(async () => (await deliveriesOf(server, id, "dead")).length === 4, "given up after three days");
      receiver.answer(204);
      receiver.received.length = 0;
      const [newest] = await deliveriesOf(server, id, "dead");
      const { status, body } = await adminClient.post(`/admin/subscriptions/${id}/deliveries/${newest!.id}/replay`, {});
      assert.equal(status, 200, JSON.stringify(body));
      await receiver.until(({ length }) => length === 1);
      assert.equal(receiver.received[0]!.headers["webhook-id"], newest!.event_id, "it is known by the same id");
      const { body: replayed } = await adminClient.post(`/admin/subscriptions/${id}/replay?dead_letters=true`, {});
      assert.deepEqual(replayed, { replayed: 3, next_page_token: "" });
      await receiver.until(({ length }) => length === 4);
      assert.ok(isRising(numbersOf(receiver.received.slice(1), stuck)), "dead letters come in order, too");
      await eventually(async () => (await deliveriesOf(server, id, "dead")).length === 0, "no dead letter is left");
      await adminClient.delete(`/admin/subscriptions/${id}`);
    });

    await t.test(
      "one that fails for one account again and again is sent all others', and nobody calls it down",
      async () => {
        const bad = await makeAccount(server, "bad@example.org");
        const receiver = await startReceiver(t, (res, { body }) =>
          res.writeHead(body.data.subject_id === bad ? 500 : 204).end(),
        );
        const { id } = await subscribe(server, { url: receiver.url, types: ["IdentityStateChanged"] });
        await flip(server, bad);
        for (let tries = 1; tries <= 7; tries++) {
          await eventually(
            async () => (await deliveriesOf(server, id)).some(({ attempts }) => attempts.length === tries),
            `tried ${tries} times`,
          );
          server.advance(4 * hourMs);
        }
        assert.equal((await adminClient.get(`/admin/subscriptions/${id}`)).body.failing_since, undefined);
        await adminClient.delete(`/admin/subscriptions/${id}`);
      },
    );

    await t.test("one that fails for all is shown as failing until it takes something", async () => {
      const receiver = await startReceiver(t, 500);
      const { id } = await subscribe(server, { url: receiver.url, types: ["IdentityCreated"] });
      const failing = async () => (await adminClient.get(`/admin/subscriptions/${id}`)).body.failing_since;
      for (let n = 0; n < 6; n++) await makeAccount(server, `all${n}@example.org`);
      await eventually(async () => (await failing()) !== undefined, "failing");
      assert.ok(Date.parse(await failing()) <= server.now().getTime());
      receiver.answer(204);
      server.advance(4 * hourMs);
      await eventually(async () => (await deliveriesOf(server, id, "delivered")).length === 6, "delivered");
      await eventually(async () => (await failing()) === undefined, "back");
      await adminClient.delete(`/admin/subscriptions/${id}`);
    });

    await t.test("one that answers 410 is sent nothing more until somebody wants it so", async () => {
      const receiver = await startReceiver(t, 410);
      const { id } = await subscribe(server, { url: receiver.url, types: ["IdentityCreated"] });
      await makeAccount(server, "gone1@example.org");
      const stateOf = async () => (await adminClient.get(`/admin/subscriptions/${id}`)).body.state;
      await eventually(async () => (await stateOf()) === "disabled", "disabled");
      await makeAccount(server, "gone2@example.org");
      const { body: events } = await adminClient.get("/admin/events?types=SubscriptionDisabled");
      assert.equal(events[0].payload.subscription_id, id);
      assert.equal(events[0].actor.kind, "system");
      assert.equal(receiver.received.length, 1);
      receiver.answer(200);
      const { status, body } = await adminClient.post(`/admin/subscriptions/${id}/resume`, {});
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.state, "active");
      await receiver.until(({ length }) => length === 3);
      await adminClient.delete(`/admin/subscriptions/${id}`);
    });

    await t.test("one that hangs, one that is slow and one that sends without end delay nobody else", async () => {
      const hanging = await startReceiver(t, "hang");
      const slow = await startReceiver(t, (res) => setTimeout(() => res.writeHead(204).end(), 300));
      const endless = await startReceiver(t, (res) => {
        const write = () => void (res.closed || res.write("x".repeat(65_536), () => setImmediate(write)));
        res.writeHead(200);
        write();
      });
      const quick = await startReceiver(t);
      const ids: string[] = [];
      for (const { url } of [hanging, slow, endless, quick])
        ids.push((await subscribe(server, { url, types: ["IdentityCreated"] })).id);
      const accounts = await Promise.all(
        Array.from({ length: 12 }, (_, n) => makeAccount(server, `many${n}@example.org`)),
      );
      await quick.until(({ length }) => length === accounts.length);
      assert.ok(slow.received.length <= accounts.length);
      await slow.until(({ length }) => length === accounts.length);
      await eventually(
        async () => (await deliveriesOf(server, ids[2]!, "delivered")).length === 12,
        "a status is an answer",
      );
      assert.ok(hanging.received.length <= 8, "no more at a time than the setting says");
      await adminClient.delete(`/admin/subscriptions/${ids[0]}`);
      hanging.drop();
      for (const id of ids.slice(1)) await adminClient.delete(`/admin/subscriptions/${id}`);
    });

    await t.test("one that asks for a pause by Retry-After has it", async () => {
      const receiver = await startReceiver(t, (res) => res.writeHead(503, { "retry-after": "1800" }).end());
      const { id } = await subscribe(server, { url: receiver.url, types: ["IdentityCreated"] });
      await makeAccount(server, "retry@example.org");
      await eventually(async () => (await deliveriesOf(server, id))[0]?.attempts.length === 1, "tried");
      server.advance(20 * 60_000);
      await makeAccount(server, "retry2@example.org");
      await eventually(async () => (await deliveriesOf(server, id)).length === 2, "taken in");
      assert.equal(receiver.received.length, 1, "nothing is sent before its time");
      receiver.answer(204);
      server.advance(11 * 60_000);
      await receiver.until(({ length }) => length === 3);
      await adminClient.delete(`/admin/subscriptions/${id}`);
    });
  },
  { config: briskly },
);
