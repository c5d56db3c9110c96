import assert from "node:assert/strict";
import { freePort } from "../support/free-port.ts";
import { startReceiver } from "../support/receiver.ts";
import { onEachDatabase } from "../support/servers.ts";
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

onEachDatabase(
  "while nobody listens at an address for an hour others do not wait, and all of many accounts' events arrive in order once somebody does",
  async (server, t) => {
    const port = await freePort();
    const types = ["IdentityStateChanged"];
    const { id: down } = await subscribe(server, { url: `http://127.0.0.1:${port}/events`, types });
    const other = await startReceiver(t);
    await subscribe(server, { url: other.url, types });
    const accounts = await Promise.all(Array.from({ length: 12 }, (_, n) => makeAccount(server, `d${n}@example.org`)));
    for (let round = 1; round <= 3; round++) {
      await Promise.all(accounts.map((account) => flip(server, account)));
      await other.until(({ length }) => length >= round * 24);
      server.advance(20 * 60_000);
    }
    assert.equal((await deliveriesOf(server, down, "delivered")).length, 0);
    const [{ attempts }] = (await deliveriesOf(server, down, "pending")).filter((one) => one.attempts.length > 0) as [
      { attempts: { error: string }[] },
    ];
    assert.match(attempts[0]!.error, /ECONNREFUSED/);
    const back = await startReceiver(t, 204, port);
    server.advance(60_000);
    await eventually(async () => (await deliveriesOf(server, down, "delivered")).length === 72, "all is delivered");
    for (const account of accounts) {
      const numbers = numbersOf(back.received, account);
      assert.equal(numbers.length, 6, "none is lost");
      assert.ok(isRising(numbers), `in order: ${numbers.join(" ")}`);
    }
  },
  { config: briskly },
);
