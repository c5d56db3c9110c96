import assert from "node:assert/strict";
import { setImmediate as breath, setTimeout as pause } from "node:timers/promises";
import type { Context } from "../../src/context.ts";
import type { Database } from "../../src/db/connection.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { readEvents } from "../../src/events/read.ts";
import { record } from "../../src/events/record.ts";
import { configOf } from "../support/config.ts";
import { courierContext } from "../support/courier-context.ts";
import { eachDatabase } from "../support/databases.ts";
import { atOnce } from "../support/person.ts";

const contextOn = (db: Database): Context => courierContext(db, configOf({ dsn: "memory" }));

const revoke = (tx: Context, subjectId: string): Promise<void> =>
  record(tx, { reason: "logout" }, { type: "SessionRevoked", subjectId, payload: {} });

/** A transaction that has written an event and is not committed until it is let go. */
function slowWriter(ctx: Context) {
  const subject = uuidv7();
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let begun = (): void => undefined;
  const written = new Promise<void>((resolve) => (begun = resolve));
  const committed = ctx.tx(async (tx) => {
    await revoke(tx, subject);
    // Once the event itself is written.
    tx.db.beforeCommit(() => {
      begun();
      return held;
    });
  });
  return {
    subject,
    written,
    commit(): Promise<void> {
      letGo();
      return committed;
    },
  };
}

/** Follows events by a cursor, a few at a time, as a reader that was told of a number does. */
function follower(ctx: Context, limit = 3) {
  let after = 0;
  return async (): Promise<(string | null)[]> => {
    const seen: (string | null)[] = [];
    for (;;) {
      const events = await readEvents(ctx, { after, limit });
      seen.push(...events.map(({ subjectId }) => subjectId));
      after = events.at(-1)?.sequence ?? after;
      if (events.length < limit) return seen;
    }
  };
}

eachDatabase("a transaction that commits late is not skipped by a reader that was there before", async (db) => {
  const ctx = contextOn(db);
  const read = follower(ctx);
  const first = slowWriter(ctx);
  await first.written;
  const second = slowWriter(ctx);
  if (db.dialect === "sqlite") {
    // It has one writer: the second waits for the first. Who reads waits for neither while there is nothing new.
    assert.deepEqual(await read(), []);
    await Promise.all([first.commit(), second.commit()]);
    assert.deepEqual(await read(), [first.subject, second.subject]);
  } else {
    await second.written;
    await second.commit();
    assert.deepEqual(await read(), [second.subject]);
    await first.commit();
    assert.deepEqual(await read(), [first.subject]);
  }
  assert.deepEqual(await read(), []);
});

eachDatabase("writers do not wait for a reader that gives numbers, nor for each other", async (db) => {
  if (db.dialect === "sqlite") return;
  const ctx = contextOn(db);
  await revoke(ctx, uuidv7());
  await ctx.db.transaction(
    async (numbering) => {
      await readEvents({ tenant: ctx.tenant, db: numbering }, { after: 0, limit: 10 });
      // The counter is locked, and stays so while others write.
      await atOnce(5, () => ctx.tx((tx) => revoke(tx, uuidv7())));
    },
    { isolationLevel: "read committed" },
  );
  assert.equal((await readEvents(ctx, { after: 0, limit: 10 })).length, 6);
});

eachDatabase("of many writers at once each event is read once, by all who follow, in one order", async (db) => {
  const ctx = contextOn(db);
  const written: string[] = [];
  let writing = true;
  const orders: (string | null)[][] = [[], [], []];
  const readers = orders.map(async (order, at) => {
    const read = follower(ctx, 3 + at * 40);
    while (writing) {
      order.push(...(await read()));
      await breath();
    }
    order.push(...(await read()));
  });
  await atOnce(8, async (writer) => {
    for (let times = 0; times < 15; times++)
      await ctx.tx(async (tx) => {
        const subjects = Array.from({ length: 1 + (times % 3) }, () => uuidv7());
        for (const subject of subjects) await revoke(tx, subject);
        await pause(db.dialect === "sqlite" ? 0 : (writer * 7 + times * 3) % 20);
        written.push(...subjects);
      });
  });
  writing = false;
  await Promise.all(readers);
  assert.equal(new Set(written).size, 8 * 30);
  for (const order of orders) {
    assert.equal(order.length, written.length);
    assert.deepEqual(order, orders[0]);
  }
  assert.deepEqual(new Set(orders[0]), new Set(written));
});

eachDatabase("a transaction that is undone leaves no event", async (db) => {
  const ctx = contextOn(db);
  await assert.rejects(
    ctx.tx(async (tx) => {
      await revoke(tx, uuidv7());
      throw new Error("undone");
    }),
    /undone/,
  );
  assert.deepEqual(await readEvents(ctx, { after: 0, limit: 10 }), []);
});
