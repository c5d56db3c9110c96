import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { openDatabase } from "../../src/db/database.ts";
import { tell } from "../../src/db/tell.ts";
import { entities } from "../../src/orm.ts";
import { createMigrated, databases, onServer } from "../support/databases.ts";
import { runSql } from "../support/run-sql.ts";

const listeners =
  "from pg_stat_activity where datname = current_database() and (query like '%ostiary_echo_%' or query like 'listen %') and pid <> pg_backend_pid()";

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(10);
}

if (databases.includes("postgresql"))
  test("what is told on two channels is heard by one connection, again after the connection was lost, and nobody believes to listen in between", async (t) => {
    const { dsn, drop } = await createMigrated("postgresql");
    const db = await openDatabase(dsn, entities);
    const heard: string[] = [];
    const changes: boolean[] = [];
    const ear = db.listen!("test_channel", {
      hear: (news) => void heard.push(news),
      changed: () => void changes.push(ear.listens()),
    });
    t.after(async () => {
      await ear.close();
      await other.close();
      await db.close();
      await drop();
    });
    assert.equal(ear.listens(), false);
    await until(ear.listens);
    const other = db.listen!("other_channel", { hear: (news) => void heard.push(`other ${news}`) });
    await until(other.listens);
    tell(db, "test_channel", "one");
    await until(() => heard.includes("one"));
    tell(db, "other_channel", "one");
    await until(() => heard.includes("other one"));
    assert.equal((await runSql(db, `select pid ${listeners}`)).length, 1);

    await onServer("postgresql", `select pg_terminate_backend(pid) ${listeners}`, dsn);
    await until(() => !ear.listens());
    assert.equal(other.listens(), false);
    await until(() => ear.listens() && other.listens());
    assert.deepEqual(changes, [true, false, true]);
    tell(db, "test_channel", "two");
    tell(db, "other_channel", "two");
    await until(() => heard.length === 4);
    assert.deepEqual(heard.toSorted(), ["one", "other one", "other two", "two"]);

    await ear.close();
    assert.equal(other.listens(), true);
    await other.close();
    while ((await runSql(db, `select pid ${listeners}`)).length > 0) await pause(10);
  });
