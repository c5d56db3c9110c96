import assert from "node:assert/strict";
import { test } from "node:test";
import { subscriptions } from "../../src/subscription/entities.ts";
import { startReceiver } from "../support/receiver.ts";
import { startReloading } from "../support/reloading.ts";
import { rowsOf } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";
import { briskly, eventually, flip, makeAccount, subscribe, verify } from "../support/subscriber.ts";

const hourMs = 3_600_000;
const secretOfFile = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const nextOfFile = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;

onEachDatabase(
  "administrators subscribe servers",
  async (server, t) => {
    const { adminClient } = server;
    const receiver = await startReceiver(t);
    const { id, secret } = await subscribe(server, {
      url: receiver.url,
      types: ["IdentityCreated"],
      description: "CRM",
    });
    const at = `/admin/subscriptions/${id}`;

    await t.test("the secret is shown once, and kept sealed", async () => {
      const { body: shown } = await adminClient.get(at);
      assert.deepEqual(
        [shown.url, shown.types, shown.description, shown.origin, shown.state],
        [receiver.url, ["IdentityCreated"], "CRM", "database", "active"],
      );
      const { body: list } = await adminClient.get("/admin/subscriptions");
      const [row] = await rowsOf(server.app.db, subscriptions);
      for (const text of [shown, list, row].map((one) => JSON.stringify(one)))
        assert.ok(!text.includes(secret.slice("whsec_".length)), text);
    });

    await t.test("while its secret rotates both sign, then the new one alone", async () => {
      const { body } = await adminClient.post(`${at}/rotate?overlap=2h`, {});
      assert.notEqual(body.secret, secret);
      assert.equal(Date.parse(body.subscription.rotating_until) > server.now().getTime(), true);
      await makeAccount(server, "both@example.org");
      await receiver.until(({ length }) => length === 1);
      assert.equal(String(receiver.received[0]!.headers["webhook-signature"]).split(" ").length, 2);
      for (const key of [secret, body.secret]) verify(key, receiver.received[0]!);
      server.advance(2 * hourMs);
      const { status, body: attempt } = await adminClient.post(`${at}/test`, {});
      assert.equal(status, 200, JSON.stringify(attempt));
      assert.equal(attempt.status, 204);
      const tried = receiver.received[1]!;
      assert.equal(tried.body.type, "SubscriptionTested");
      assert.equal(String(tried.headers["webhook-signature"]).split(" ").length, 1);
      assert.equal((await adminClient.get(at)).body.rotating_until, undefined);
    });

    await t.test("one that is paused is told later what happened meanwhile, or not at all", async () => {
      receiver.received.length = 0;
      assert.equal((await adminClient.post(`${at}/pause`, {})).body.state, "paused");
      await makeAccount(server, "paused1@example.org");
      await makeAccount(server, "paused2@example.org");
      assert.equal((await adminClient.post(`${at}/resume`, {})).body.state, "active");
      await receiver.until(({ length }) => length === 2);
      await adminClient.post(`${at}/pause`, {});
      const passedOver = await makeAccount(server, "passed-over@example.org");
      const { body: resumed } = await adminClient.post(`${at}/resume?from_now=true`, {});
      assert.equal(resumed.state, "active");
      const told = await makeAccount(server, "told@example.org");
      await receiver.until(({ length }) => length === 3);
      assert.equal(receiver.received[2]!.body.data.subject_id, told);

      const { body: events } = await adminClient.get(`/admin/events?subject_id=${passedOver}&types=IdentityCreated`);
      const since = encodeURIComponent(events[0].occurred_at);
      const { body: replayed } = await adminClient.post(`${at}/replay?since=${since}`, {});
      assert.deepEqual(replayed, { replayed: 2, next_page_token: "" });
      await receiver.until((received) => received.some(({ body }) => body.data.subject_id === passedOver));
    });

    await t.test("another address and other types count at once", async () => {
      const other = await startReceiver(t);
      const wanted = { url: other.url, types: ["IdentityDeleted"], description: "" };
      const { status, body } = await server.admin("PUT", at, { json: wanted });
      assert.equal(status, 200, JSON.stringify(body));
      const account = await makeAccount(server, "short@example.org");
      await adminClient.delete(`/admin/identities/${account}`);
      await other.until(({ length }) => length === 1);
      assert.equal(other.received[0]!.body.type, "IdentityDeleted");
    });

    await t.test("an asterisk stands for any letters of a type", async () => {
      const some = await startReceiver(t);
      const { id: wide } = await subscribe(server, { url: some.url, types: ["*Created", "IdentityState*"] });
      await flip(server, await makeAccount(server, "wide@example.org"));
      await some.until(({ length }) => length >= 3);
      const told = new Set(some.received.map(({ body }) => body.type));
      // That it was made itself is something that was created.
      told.delete("SubscriptionCreated");
      assert.deepEqual([...told].toSorted(), ["IdentityCreated", "IdentityStateChanged"]);
      await adminClient.delete(`/admin/subscriptions/${wide}`);
    });

    await t.test("what cannot be is refused", async () => {
      const refused = async (content: object) =>
        assert.equal((await adminClient.post("/admin/subscriptions", content)).status, 400, JSON.stringify(content));
      await refused({ url: "ftp://example.org/" });
      await refused({ url: "https://user:password@example.org/" });
      await refused({ url: "https://" });
      for (const type of ["IdentityCreate", "identity.*", "Nothing*", ""])
        await refused({ url: "https://example.org/", types: [type] });
      assert.equal((await adminClient.post(`${at}/rotate?overlap=721h`, {})).status, 400);
      assert.equal((await adminClient.post(`${at}/replay`, {})).status, 400);
      assert.equal((await adminClient.get("/admin/subscriptions/nobody")).status, 404);
      assert.equal((await adminClient.get(`${at}/deliveries/nobody`)).status, 404);
    });

    await t.test("what became of a subscription is told by events, too", async () => {
      const { body: events } = await adminClient.get("/admin/events?page_size=500");
      const told = new Set(events.map(({ type }: { type: string }) => type));
      for (const type of ["Created", "SecretRotated", "Tested", "Paused", "Resumed", "Updated", "Replayed"])
        assert.ok(told.has(`Subscription${type}`), type);
    });
  },
  { config: briskly },
);

test("subscriptions of the file follow it, and are changed there alone", async (t) => {
  const receiver = await startReceiver(t);
  const subscription = { id: "crm", url: receiver.url, types: ["IdentityCreated"], secrets: [secretOfFile] };
  const configOf = (...all: object[]) => ({ webhooks: { ...briskly.webhooks, subscriptions: all } });
  const server = await startReloading(t, configOf(subscription));
  const { adminClient } = server;
  const at = "/admin/subscriptions/crm";
  const { body: shown } = await adminClient.get(at);
  assert.equal(shown.origin, "configuration");
  assert.ok(!JSON.stringify(shown).includes(secretOfFile));
  await makeAccount(server, "one@example.org");
  await receiver.until(({ length }) => length === 1);
  verify(secretOfFile, receiver.received[0]!);

  assert.deepEqual(await server.reload(configOf({ ...subscription, secrets: [nextOfFile, secretOfFile] })), []);
  await makeAccount(server, "two@example.org");
  await receiver.until(({ length }) => length === 2);
  for (const key of [nextOfFile, secretOfFile]) verify(key, receiver.received[1]!);

  for (const [method, path] of [
    ["PUT", at],
    ["DELETE", at],
    ["POST", `${at}/rotate`],
  ] as const) {
    const { status } = await server.admin(method, path, { json: { url: receiver.url } });
    assert.equal(status, 400, `${method} ${path}`);
  }
  assert.equal((await adminClient.post(`${at}/test`, {})).body.status, 204);

  assert.deepEqual(await server.reload(configOf({ ...subscription, enabled: false })), []);
  await eventually(async () => (await adminClient.get(at)).body.state === "paused", "switched off");
  assert.equal((await adminClient.post(`${at}/resume`, {})).status, 400);
  assert.deepEqual(await server.reload(configOf()), []);
  assert.equal((await adminClient.get(at)).status, 404);
  const [fault] = await server.reload(configOf(subscription, subscription));
  assert.match(String(fault), /two subscriptions "crm"/);
  const [weak] = await server.reload(configOf({ ...subscription, secrets: ["whsec_c2hvcnQ="] }));
  assert.match(String(weak), /24 to 64 bytes/);
});
