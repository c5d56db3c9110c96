import assert from "node:assert/strict";
import { test } from "node:test";
import { openDatabase } from "../../src/db/database.ts";
import type { Database } from "../../src/db/connection.ts";
import { entities } from "../../src/orm.ts";
import { clientNetwork } from "../../src/server/client-address.ts";
import { forgetPasswordGuesses, judgePassword } from "../../src/throttle/password-guess.ts";
import { throttles } from "../../src/throttle/entities.ts";
import { configOf } from "../support/config.ts";
import { courierContext } from "../support/courier-context.ts";
import { createMigrated, databases, eachDatabase } from "../support/databases.ts";
import { atOnce } from "../support/person.ts";
import { countOf } from "../support/rows.ts";

const serve = { trusted_proxies: { networks: ["127.0.0.0/8", "unix"] } };
const config = configOf({ dsn: "memory", serve });
const lenient = configOf({
  dsn: "memory",
  serve,
  selfservice: { methods: { password: { config: { throttle: { per_account: { in_a_row: 0 } } } } } },
});
const [second, minute, hour] = [1000, 60_000, 3_600_000];
const slowly = () => new Promise<void>((done) => setTimeout(done, 5));

/** Passwords that are guessed, and how many of them were looked at. */
class Attack {
  readonly #nodes: readonly Database[];
  #underWay = 0;
  looked = 0;
  ahead = 0;
  config = config;

  constructor(...nodes: Database[]) {
    this.#nodes = nodes;
  }

  context(address?: string, node = 0) {
    const headers: Record<string, string> = address === undefined ? {} : { "x-forwarded-for": address };
    return courierContext(this.#nodes[node]!, this.config, headers, () => new Date(1_800_000_000_000 + this.ahead));
  }

  async guess(
    identifier: string,
    address?: string,
    { right = false, device = undefined as string | undefined, node = 0 } = {},
  ) {
    const ctx = this.context(address, node);
    const isRight = async () => {
      this.looked += 1;
      // Whoever is alone is in nobody's way.
      if (this.#underWay > 1) await slowly();
      return right;
    };
    this.#underWay++;
    return judgePassword(ctx, { identifier, device, client: clientNetwork(ctx), isRight }).finally(
      () => this.#underWay--,
    );
  }

  /** Guesses again and again for a time. */
  async keepOn(forMs: number, everyMs: number, guess: (at: number) => Promise<unknown>): Promise<void> {
    const end = this.ahead + forMs;
    for (let at = 0; this.ahead < end; at++, this.ahead += everyMs) await guess(at);
  }
}

eachDatabase("one address gets 30 guesses an hour at one account, as fast as it can", async (db) => {
  const attack = new Attack(db);
  await attack.keepOn(hour, 10 * second, () => attack.guess("ada", "198.51.100.7"));
  assert.equal(attack.looked, 29);
  await attack.keepOn(hour, 10 * second, () => attack.guess("ada", "198.51.100.7"));
  assert.equal(attack.looked, 49);
});

eachDatabase(
  "any number of addresses get no more, and 100 in a row until the owner succeeds or recovers",
  async (db) => {
    const attack = new Attack(db);
    const stranger = (at: number) => attack.guess("ada", `2001:db8:${(at % 60_000).toString(16)}::1`);
    await attack.keepOn(hour, 10 * second, stranger);
    assert.equal(attack.looked, 29);
    await attack.keepOn(6 * hour, 3 * minute, stranger);
    assert.equal(attack.looked, 100);
    attack.ahead += 60 * 24 * hour;
    assert.deepEqual(await attack.guess("ada", "198.51.100.7", { right: true }), { waitMs: hour });
    assert.equal(attack.looked, 100);
    const ctx = attack.context();
    await forgetPasswordGuesses(ctx, ["ada"]);
    assert.deepEqual(await attack.guess("ada", "198.51.100.7", { right: true }), { right: true });
  },
);

eachDatabase("a success begins the row anew, but not the hour", async (db) => {
  const attack = new Attack(db);
  for (let round = 0; round < 12; round++) {
    for (let at = 0; at < 9; at++) await attack.guess("ada");
    assert.deepEqual(await attack.guess("ada", undefined, { right: true }), { right: true });
    assert.equal("waitMs" in (await attack.guess("ada").then(() => attack.guess("ada"))), true);
    attack.ahead += hour;
  }
  assert.equal(attack.looked, 12 * 11);
});

eachDatabase(
  "where failures in a row do not matter, the hour still does, from the moment that it is configured",
  async (db) => {
    const attack = new Attack(db);
    await attack.keepOn(12 * hour, 3 * minute, () => attack.guess("ada"));
    assert.equal(attack.looked, 100);
    attack.config = lenient;
    await attack.keepOn(8 * hour, 2 * minute, () => attack.guess("ada"));
    assert.equal(attack.looked, 100 + 10 + 8 * 20 - 1);
  },
);

eachDatabase("one network gets 300 guesses an hour at all accounts together", async (db) => {
  const attack = new Attack(db);
  await attack.keepOn(hour, 6 * second, (at) => attack.guess(`person-${at}`, `2001:db8:7:7::${at.toString(16)}`));
  assert.equal(attack.looked, 299);
  assert.deepEqual(await attack.guess("person-1", "2001:db8:7:8::1"), { right: false });
});

eachDatabase("a thousand addresses at many accounts shut nobody out", async (db) => {
  const attack = new Attack(db);
  await atOnce(300, (at) => attack.guess(`person-${at % 75}`, `203.0.113.${at % 200}`));
  assert.equal(attack.looked, 300);
  await atOnce(75, async (at) =>
    assert.deepEqual(await attack.guess(`person-${at}`, "198.51.100.9", { right: true }), { right: true }),
  );
});

for (const dialect of databases)
  test(`of 256 guesses at once, on two servers, none is made beyond the limit (${dialect})`, async () => {
    const scratch = await createMigrated(dialect);
    const nodes = [await openDatabase(scratch.dsn, entities), await openDatabase(scratch.dsn, entities)];
    try {
      const alone = new Attack(...nodes);
      await atOnce(256, (at) => alone.guess("bob", `2001:db8:${at.toString(16)}::1`));
      assert.equal(alone.looked, 10);
      const attack = new Attack(...nodes);
      await atOnce(256, (at) => attack.guess("ada", `2001:db8:${at.toString(16)}::1`, { node: at % 2 }));
      assert.ok(attack.looked >= 10 && attack.looked <= 14, `${attack.looked} were made`);
      // What was made too early is missing later.
      await attack.keepOn(hour, 20 * second, (at) => attack.guess("ada", undefined, { node: at % 2 }));
      assert.ok(attack.looked <= 30, `${attack.looked} were made`);
      await attack.keepOn(5 * hour, minute, () => atOnce(2, (node) => attack.guess("ada", undefined, { node })));
      assert.equal(attack.looked, 100);
    } finally {
      for (const node of nodes) await node.close();
      await scratch.drop();
    }
  });

eachDatabase("of many right passwords at once none is refused, also after failures", async (db) => {
  const attack = new Attack(db);
  const all = async () =>
    assert.ok(
      (await atOnce(64, () => attack.guess("ada", "198.51.100.7", { right: true }))).every(
        (one) => "right" in one && one.right,
      ),
    );
  await all();
  for (let at = 0; at < 6; at++) await attack.guess("ada", "198.51.100.7");
  await all();
});

eachDatabase("a device that the owner is known by has guesses of its own", async (db) => {
  const attack = new Attack(db);
  await attack.keepOn(2 * hour, 2 * minute, () => attack.guess("ada", "198.51.100.7"));
  await attack.guess("ada", "198.51.100.7");
  for (let at = 0; at < 100; at++) {
    assert.equal(
      "waitMs" in (await attack.guess("ada", "198.51.100.7", { right: true })),
      true,
      "strangers have none left",
    );
    assert.deepEqual(await attack.guess("ada", "198.51.100.7", { right: true, device: "laptop ada" }), { right: true });
  }
  // A stolen device is no key to the door either.
  const before = attack.looked;
  await attack.keepOn(hour, 10 * second, () => attack.guess("ada", "203.0.113.5", { device: "phone ada" }));
  assert.ok(attack.looked - before <= 60);
});

eachDatabase("a failure costs one write, and what is right or refused costs none", async (plain) => {
  const cost = { reads: 0, writes: 0 };
  const db: Database = {
    ...plain,
    read: (statement, params) => (cost.reads++, plain.read(statement, params)),
    write: (statement, params) => (cost.writes++, plain.write(statement, params)),
  };
  const attack = new Attack(db);
  const costOf = async (right: boolean, address = "198.51.100.7") => {
    Object.assign(cost, { reads: 0, writes: 0 });
    await attack.guess("ada", address, { right });
    return [cost.reads, cost.writes];
  };
  assert.deepEqual(await costOf(true), [1, 0]);
  for (let at = 0; at < 3; at++) assert.deepEqual(await costOf(false), [1, 1]);
  assert.deepEqual(await costOf(true), [1, 1], "it ends the row of failures");
  assert.deepEqual(await costOf(true), [1, 0]);
  for (let at = 0; at < 7; at++) assert.deepEqual(await costOf(false), [1, 1]);
  assert.deepEqual(await costOf(true), [1, 0], "it is not looked at");
  attack.ahead += 6 * minute;
  assert.deepEqual(await costOf(true), [1, 2], "it is taken before and given back");
});

eachDatabase("what has run out can be deleted, and changes nothing", async (db) => {
  const attack = new Attack(db);
  const rowsLeft = async () =>
    countOf(db, throttles, (query) => query.where("endsAt", ">", new Date(1_800_000_000_000 + attack.ahead)));
  for (let at = 0; at < 3; at++) await attack.guess("ada", "198.51.100.7");
  assert.equal(await rowsLeft(), 2);
  attack.ahead += hour;
  assert.equal(await rowsLeft(), 1, "the row of failures is remembered");
  attack.ahead += 365 * 24 * hour;
  assert.equal(await rowsLeft(), 0);
  assert.deepEqual(await attack.guess("ada"), { right: false });
});
