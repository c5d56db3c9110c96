import assert from "node:assert/strict";
import { test } from "node:test";
import { issueCode, issueDecoy } from "../../src/code/issue.ts";
import { redeemCode } from "../../src/code/redeem.ts";
import type { CodePurpose } from "../../src/code/entities.ts";
import { openDatabase } from "../../src/db/database.ts";
import type { Database } from "../../src/db/connection.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { migrateUp } from "../../src/db/migrate.ts";
import { entities } from "../../src/orm.ts";
import { throttles } from "../../src/throttle/entities.ts";
import { configOf } from "../support/config.ts";
import { courierContext } from "../support/courier-context.ts";
import { createScratch, databases, eachDatabase } from "../support/databases.ts";
import { atOnce } from "../support/person.ts";
import { rowsOf } from "../support/rows.ts";

const config = configOf({ dsn: "memory" });
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const start = 1_800_000_000_000;

/** A flow that waits for its code. */
interface Waiting {
  readonly flowId: string;
  readonly purpose: CodePurpose;
  readonly secret: string;
}

/** Codes that are guessed. */
class Attack {
  readonly #nodes: readonly Database[];
  ahead = 0;

  constructor(...nodes: Database[]) {
    this.#nodes = nodes;
  }

  context(node = 0) {
    return courierContext(this.#nodes[node]!, config, {}, () => new Date(start + this.ahead));
  }

  /** Asks for a code, in a new flow. */
  async ask(address = "ada@example.org", purpose: CodePurpose = "login", issue = issueCode): Promise<Waiting> {
    const ctx = this.context();
    const flowId = uuidv7();
    const { secret } = await issue(ctx, {
      flowId,
      purpose,
      via: "email",
      address,
      kind: "digits",
      lifespanMs: 100 * day,
      identityId: null,
    });
    return { flowId, purpose, secret };
  }

  enter({ flowId, purpose }: Waiting, secret: string, node = 0) {
    return redeemCode(this.context(node), { flowId, purpose }, secret);
  }

  guess(waiting: Waiting, node = 0) {
    return this.enter(waiting, wrongFor(waiting.secret.slice(0, 6)), node);
  }

  /** How many guesses in a row were looked at. */
  async looked(): Promise<number> {
    const rows = await rowsOf(this.#nodes[0]!, throttles);
    return rows.reduce((sum, { tries }) => sum + tries, 0);
  }

  /** Guesses again and again for a time. */
  async keepOn(forMs: number, everyMs: number, guess: (at: number) => Promise<unknown>): Promise<void> {
    const end = this.ahead + forMs;
    for (let at = 0; this.ahead < end; at++, this.ahead += everyMs) await guess(at);
  }
}

const wrongFor = (secret: string) => secret.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));

eachDatabase(
  "an address has 15 guesses an hour in any number of flows, whatever they are for, and 100 in a row",
  async (db) => {
    const attack = new Attack(db);
    const purposes = ["login", "recovery", "verification", "registration"] as const;
    const flows = await Promise.all(
      Array.from({ length: 40 }, (_, at) => attack.ask("ada@example.org", purposes[at % 4])),
    );
    const next = (at: number) => attack.guess(flows[at % flows.length]!);
    await attack.keepOn(hour, minute, next);
    assert.equal(await attack.looked(), 14);
    await attack.keepOn(hour, minute, next);
    assert.equal(await attack.looked(), 24);
    await attack.keepOn(9 * hour, 6 * minute, next);
    assert.equal(await attack.looked(), 100);
    await attack.keepOn(60 * day, 12 * hour, next);
    assert.equal(await attack.looked(), 100, "no day begins the row anew, and no new code");
    assert.equal(await attack.enter(flows[0]!, flows[0]!.secret), undefined, "the right one is not looked at either");
  },
);

eachDatabase("a right code ends the row but not the hour, and costs nothing", async (db) => {
  const attack = new Attack(db);
  for (let round = 0; round < 6; round++) {
    const flow = await attack.ask();
    for (let at = 0; at < 4; at++) await attack.guess(flow);
    assert.equal(await attack.looked(), 4);
    assert.ok(await attack.enter(flow, flow.secret));
    assert.equal(await attack.looked(), 0);
    const other = await attack.ask();
    for (let at = 0; at < 4; at++) await attack.guess(other);
    assert.equal(await attack.looked(), 1);
    const last = await attack.ask();
    assert.equal(last.secret.length, 12);
    assert.ok(await attack.enter(last, last.secret));
    attack.ahead += hour;
  }
});

eachDatabase("whoever guesses at an address for ever shuts its owner out at no time", async (db) => {
  const attack = new Attack(db);
  const strangers = await attack.ask();
  for (let at = 0; at < 16; at++) {
    await attack.keepOn(2 * hour, 6 * minute, () => attack.guess(strangers));
    for (let times = 0; times < 6; times++) await attack.guess(strangers);
    const owners = await attack.ask();
    assert.match(owners.secret, /^\d{12}$/);
    if (at % 8 === 7) {
      assert.equal(await attack.looked(), 100, "it came to the end of the row");
      assert.equal((await attack.enter(owners, owners.secret))?.address, "ada@example.org");
      assert.equal(await attack.looked(), 0);
    } else assert.equal(await attack.enter(owners, wrongFor(owners.secret)), undefined);
  }
});

eachDatabase("guesses at nobody are counted as those at somebody, and codes grow alike", async (db) => {
  const attack = new Attack(db);
  const lengths = async (issue: typeof issueCode, address: string) => {
    const told: number[] = [];
    for (let at = 0; at < 8; at++) {
      const flow = await attack.ask(address, "login", issue);
      told.push(flow.secret.length);
      await attack.guess(flow);
    }
    return told;
  };
  assert.deepEqual(await lengths(issueDecoy, "nobody@example.org"), [6, 6, 6, 6, 6, 12, 12, 12]);
  assert.deepEqual(await lengths(issueCode, "ada@example.org"), [6, 6, 6, 6, 6, 12, 12, 12]);
});

eachDatabase("whoever gets codes at two addresses is wrong at neither with the code of one", async (db) => {
  const attack = new Attack(db);
  for (let at = 0; at < 20; at++) {
    const ctx = attack.context();
    const request = {
      flowId: uuidv7(),
      purpose: "login",
      via: "email",
      kind: "digits",
      lifespanMs: hour,
      identityId: null,
    } as const;
    await issueCode(ctx, { ...request, address: "ada@example.org" });
    const { secret } = await issueCode(ctx, { ...request, address: "ada@example.com" });
    assert.equal((await redeemCode(ctx, request, secret))?.address, "ada@example.com");
  }
  assert.equal(await attack.looked(), 0);
});

for (const dialect of databases)
  test(`of 64 codes at once, in many flows at two servers, none is looked at beyond the limit (${dialect})`, async () => {
    const scratch = await createScratch(dialect);
    await migrateUp(scratch.dsn);
    const nodes = [await openDatabase(scratch.dsn, entities), await openDatabase(scratch.dsn, entities)];
    try {
      const attack = new Attack(...nodes);
      const flows: Waiting[] = [];
      for (let at = 0; at < 16; at++) flows.push(await attack.ask());
      await atOnce(64, (at) => attack.guess(flows[at % 16]!));
      assert.equal(await attack.looked(), 5);
      await attack.keepOn(hour, minute, (at) => atOnce(2, (node) => attack.guess(flows[at % 16]!, node)));
      assert.ok((await attack.looked()) <= 15, `${await attack.looked()} were looked at`);
      await attack.keepOn(12 * hour, 6 * minute, (at) => atOnce(2, (node) => attack.guess(flows[at % 16]!, node)));
      assert.equal(await attack.looked(), 100);
    } finally {
      for (const node of nodes) await node.close();
      await scratch.drop();
    }
  });
