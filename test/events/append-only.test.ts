import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { openDatabase } from "../../src/db/database.ts";
import { migrateUp } from "../../src/db/migrate.ts";
import { entities } from "../../src/orm.ts";
import { runIn } from "../support/command-line.ts";
import { until } from "../support/courier.ts";
import { createScratch, databases, onServer } from "../support/databases.ts";
import { collectingLog, warningLog } from "../support/log.ts";
import { password, signInNatively } from "../support/person.ts";
import { runSql } from "../support/run-sql.ts";
import { startServer } from "../support/server.ts";
import { makePerson, makeTenant } from "../tenants/world.ts";

const docs = readFileSync(join(import.meta.dirname, "../../docs/events.md"), "utf8");

/** The statements that the documentation has for an engine, for a user of a name. */
function documentedGrants(dialect: "postgresql" | "mysql", user: string): string[] {
  const section = docs.split("### A database user that cannot rewrite them")[1]!;
  const [postgresql, mysql] = [...section.matchAll(/```sql\n([^`]*)```/g)].map(([, sql]) => sql!);
  const sql = dialect === "postgresql" ? postgresql! : mysql!;
  return sql
    .replaceAll(/\bto ostiary\b|\bfrom ostiary\b/g, (words) => words.replace("ostiary", user))
    .trim()
    .split(/;\s*/)
    .filter(Boolean);
}

/** A database whose tables belong to somebody else, and the user by whom a server is to speak to it. */
async function restricted(t: TestContext, dialect: "postgresql" | "mysql") {
  const { dsn: owner, drop } = await createScratch(dialect);
  await migrateUp(owner);
  const user = `ostiary_${randomBytes(5).toString("hex")}`;
  await onServer(
    dialect,
    dialect === "mysql" ? `create user ${user} identified by 'secret'` : `create role ${user} login password 'secret'`,
  );
  t.after(async () => {
    await drop();
    await onServer(dialect, dialect === "mysql" ? `drop user ${user}` : `drop role ${user}`);
  });
  const db = await openDatabase(owner, entities);
  t.after(() => db.close());
  for (const sql of documentedGrants(dialect, user))
    for (const row of await runSql<{ statement: string }>(db, sql)) await runSql(db, row.statement);
  const url = new URL(owner);
  url.username = user;
  url.password = "secret";
  return { owner, db, dsn: url.toString() };
}

const forbidden = [
  "update events set type = 'LoginFailed'",
  "update events set id = nid",
  "update events set payload = '{}'",
  "delete from events",
  "truncate table events",
  "drop table events",
  "delete from event_counters",
];

for (const dialect of databases)
  if (dialect !== "sqlite")
    test(`a server whose database user may only add events does all else, and another user deletes them (${dialect})`, async (t) => {
      const { owner, db, dsn } = await restricted(t, dialect);
      const [{ log: errorLog, events: errors }, { log: warnLog, warnings }] = [collectingLog(), warningLog()];
      const server = await startServer(t, {
        dsn,
        log: { ...warnLog, error: errorLog.error },
        config: {
          events: { append_only: true, retention: "1h" },
          database: { cleanup: { every: "200ms", sleep: { tables: "0s" } } },
          selfservice: { methods: { code: { enabled: true } } },
        },
      });
      await server.createPerson({ email: "pat@example.org", password });
      await signInNatively(server, "pat@example.org");
      const acme = await makeTenant(server, "acme");
      await makePerson(acme, "sam@example.org", password);
      assert.equal((await server.admin("GET", "/admin/events")).body.length, 3);

      const own = await openDatabase(dsn, entities);
      t.after(() => own.close());
      for (const sql of forbidden) await assert.rejects(runSql(own, sql), /denied|permission|must be owner/, sql);

      await server.admin("PATCH", `/admin/tenants/${acme.id}`, { json: { state: "inactive" } });
      assert.equal((await server.admin("DELETE", `/admin/tenants/${acme.id}`)).status, 204);
      server.advance(48 * 3_600_000);
      await until(
        async () => Number((await runSql<{ n: unknown }>(db, "select count(*) as n from sessions"))[0]!.n) === 0,
      );
      assert.equal((await runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "events", "verify")).code, 0);
      const kept = async () => Number((await runSql<{ n: unknown }>(db, "select count(*) as n from events"))[0]!.n);
      assert.equal(await kept(), 4);
      assert.deepEqual([...errors, ...warnings], []);

      const cleaned = await runIn(
        {},
        "cleanup",
        "sql",
        owner,
        "--keep-events",
        "0",
        "--sleep-tables",
        "0",
        "--format",
        "json",
      );
      assert.equal(JSON.parse(cleaned.out).deleted.events, 4, cleaned.err);
      assert.equal(await kept(), 0);
      const counters = await runSql<{ nid: string }>(db, "select distinct nid from event_counters");
      assert.equal(counters.length, 1);
      assert.match(
        (await runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "events", "verify")).out,
        /^0 events fit\.\nDeleted for their age: the events up to 3\./,
      );
    });
