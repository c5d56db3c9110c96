import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { openDatabase } from "../../src/db/database.ts";
import { statement } from "../../src/db/statement.ts";
import { entities } from "../../src/orm.ts";
import { createMigrated, databases, onServer } from "../support/databases.ts";

const tell = statement("test_notify", "select pg_notify('test_channel', ?) as told");

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(10);
}

if (databases.includes("postgresql"))
  test("what is told on a channel is heard, again after the connection was lost, and nobody believes to listen in between", async (t) => {
    const { dsn, drop } = await createMigrated("postgresql");
    const db = await openDatabase(dsn, entities);
    const heard: string[] = [];
    const ear = db.listen!("test_channel", (news) => void heard.push(news));
    t.after(async () => {
      await ear.close();
      await db.close();
      await drop();
    });
    assert.equal(ear.listens(), false);
    await until(ear.listens);
    await db.read(tell, ["one"]);
    await until(() => heard.includes("one"));
    await onServer(
      "postgresql",
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%echo %' and pid <> pg_backend_pid()",
      dsn,
    );
    await until(() => !ear.listens());
    await until(ear.listens);
    await db.read(tell, ["two"]);
    await until(() => heard.includes("two"));
    assert.deepEqual(heard, ["one", "two"]);
  });
