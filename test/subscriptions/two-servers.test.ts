import assert from "node:assert/strict";
import { test } from "node:test";
import { createMigrated, databases } from "../support/databases.ts";
import { openDatabase } from "../../src/db/database.ts";
import { entities } from "../../src/orm.ts";
import { subscriptionDeliveries, subscriptionQueues } from "../../src/subscription/entities.ts";
import { countOf } from "../support/rows.ts";
import { runSql } from "../support/run-sql.ts";
import { startProcess } from "../support/server-process.ts";
import { onTwoServers } from "../support/servers.ts";
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
} from "../support/subscriber.ts";
import { Client } from "../support/client.ts";

onTwoServers(
  "two servers deliver each event once, those of one account in order",
  async (one, other, t) => {
    const receiver = await startReceiver(t);
    const { id } = await subscribe(one, { url: receiver.url, types: ["IdentityStateChanged"] });
    const accounts = await Promise.all(Array.from({ length: 4 }, (_, n) => makeAccount(one, `p${n}@example.org`)));
    await Promise.all(accounts.map((account, n) => flip(n % 2 ? one : other, account, 5)));
    await receiver.until((received) => received.length >= 40);
    await eventually(async () => (await deliveriesOf(other, id, "delivered")).length === 40, "delivered");
    assert.equal(receiver.received.length, 40);
    assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 40);
    for (const account of accounts) assert.ok(isRising(numbersOf(receiver.received, account)));
    assert.equal(await countOf(one.app.db, subscriptionQueues), 0, "lines that are empty are gone");
    const { status } = await other.adminClient.delete(`/admin/subscriptions/${id}`);
    assert.equal(status, 204);
    await eventually(
      async () => (await countOf(one.app.db, subscriptionDeliveries)) === 0,
      "all that hung on it is gone",
    );
  },
  { config: briskly },
);

for (const dialect of databases)
  test(`a server that is killed takes nothing along (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    const config = { ...briskly, dsn };
    const receiver = await startReceiver(t, (res) => setTimeout(() => res.writeHead(204).end(), 100));
    const [doomed, other] = await Promise.all([startProcess(t, { config }), startProcess(t, { config })]);
    const db = await openDatabase(dsn, entities);
    t.after(async () => {
      await db.close();
      await drop();
    });
    const at = ({ adminUrl }: typeof doomed) => {
      const adminClient = new Client(adminUrl);
      return { adminClient, admin: adminClient.send.bind(adminClient) };
    };
    const { id } = await subscribe(at(other), { url: receiver.url, types: ["IdentityStateChanged"] });
    const accounts = await Promise.all(
      Array.from({ length: 4 }, (_, n) => makeAccount(at(doomed), `k${n}@example.org`)),
    );
    await Promise.all(accounts.map((account) => flip(at(doomed), account, 2)));
    await receiver.until(({ length }) => length >= 3);
    await doomed.stop("SIGKILL");
    // In place of the minute after which what it held is taken by others.
    await runSql(db, "update subscription_queues set due_at = 0 where lease_id is not null");
    await eventually(async () => (await deliveriesOf(at(other), id, "delivered")).length === 16, "all is delivered");
    for (const account of accounts) {
      const numbers = numbersOf(receiver.received, account);
      assert.equal(numbers.length, 4, "none is lost");
      assert.ok(isRising(numbers), `in order: ${numbers.join(" ")}`);
    }
  });
