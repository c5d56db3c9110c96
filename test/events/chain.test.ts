import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { cleanUp } from "../../src/cleanup/clean-up.ts";
import { writtenTree } from "../../src/config/written.ts";
import { numberAllEvents } from "../../src/events/number-all.ts";
import type { Json } from "../support/client.ts";
import { runIn } from "../support/command-line.ts";
import { configOf } from "../support/config.ts";
import { until } from "../support/courier.ts";
import { createMigrated } from "../support/databases.ts";
import { password, signInNatively } from "../support/person.ts";
import { runSql } from "../support/run-sql.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const hourMs = 3_600_000;
const zeros = "0".repeat(64);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Some who sign up and in: five events. */
async function visits(server: TestServer): Promise<void> {
  await server.createPerson({ email: "pat@example.org", password });
  for (let times = 0; times < 2; times++) await signInNatively(server, "pat@example.org");
}

const chainOf = async (server: TestServer, query = ""): Promise<Json> =>
  (await server.admin("GET", `/admin/events/chain${query}`)).body;

const verify = (server: TestServer, ...words: string[]) =>
  runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "events", "verify", ...words);

/** Ages events, and has those older than an hour deleted. */
async function forget(server: TestServer): Promise<void> {
  server.advance(2 * hourMs);
  await cleanUp(server.app.db, {
    batchSize: 2,
    tablePauseMs: 0,
    keepMs: 0,
    keepMessagesMs: 0,
    keepDeliveriesMs: 0,
    keepEventsMs: hourMs,
    now: server.now,
  });
}

onEachDatabase("each event is chained to the one before, in a way that anybody can recompute", async (server) => {
  await visits(server);
  const { entries, base, head } = await chainOf(server);
  assert.deepEqual(base, { sequence: 0, hash: zeros });
  assert.equal(entries.length, 5);
  let before = zeros;
  for (const [at, { sequence, id, canonical, hash }] of entries.entries()) {
    assert.equal(sequence, at + 1);
    assert.equal(hash, sha256(`${before}\n${canonical}`));
    before = hash;
    const shown = (await server.admin("GET", `/admin/events/${id}`)).body;
    assert.equal(shown.hash, hash);
    const said = JSON.parse(canonical);
    assert.deepEqual(Object.keys(said), Object.keys(said).toSorted());
    assert.deepEqual(
      [said.id, said.sequence, said.type, said.occurred_at, said.subject_id, said.actor_id, said.client_address],
      [id, sequence, shown.type, shown.occurred_at, shown.subject_id, shown.actor.id, shown.client_address],
    );
    assert.deepEqual({ type: shown.type, ...said.payload }, shown.payload);
  }
  assert.deepEqual(head, { sequence: 5, hash: before });
  assert.deepEqual((await chainOf(server, "?after=3&page_size=1")).entries, entries.slice(3, 4));
});

/** What somebody with access to the database may do to events 2, 3 or 5 of 5, and what is told of it. */
const tricks: Readonly<Record<string, readonly [sql: readonly string[], told: RegExp]>> = {
  "changes a column": [
    ["update events set client_address = '203.0.113.9' where sequence = 3"],
    /^Event 3 \(.*changed|^Event 3 \([0-9a-f-]+\) does not fit: it is not what/,
  ],
  "changes a payload": [
    [`update events set payload = '{"aal": 2}' where sequence = 2`],
    /^Event 2 \([0-9a-f-]+\) does not fit/,
  ],
  "takes one out": [["delete from events where sequence = 3"], /^Event 3 is missing/],
  "takes the last one away": [["delete from events where sequence = 5"], /^Event 5 is missing/],
  "takes the first one away": [["delete from events where sequence = 1"], /^Event 1 is missing/],
  "exchanges two": [
    [
      "update events set sequence = 99 where sequence = 2",
      "update events set sequence = 2 where sequence = 3",
      "update events set sequence = 3 where sequence = 99",
    ],
    /^Event 2 \([0-9a-f-]+\) does not fit/,
  ],
  "gives two one number": [
    ["update events set sequence = 4 where sequence = 5"],
    /^Event 4 \([0-9a-f-]+\) does not fit: another/,
  ],
  "puts the hash right as well": [
    [`update events set reason = 'logout', hash = '${"a".repeat(64)}' where sequence = 5`],
    /^Event 5 \([0-9a-f-]+\) does not fit/,
  ],
};

onEachDatabase(
  "whatever is done to events in the database is found, and told by the first that does not fit",
  async (server) => {
    await visits(server);
    const whole = await verify(server);
    assert.equal(whole.code, 0, whole.err);
    assert.match(whole.out, /^5 events fit \(1 to 5\)\.\nHead: 5:[0-9a-f]{64}$/);
    const { db } = server.app;
    const dialect = db.dialect;
    await runSql(
      db,
      dialect === "mysql" ? "create table kept select * from events" : "create table kept as select * from events",
    );
    try {
      for (const [what, [sql, told]] of Object.entries(tricks)) {
        for (const one of sql) await runSql(db, one);
        const { code, out } = await verify(server);
        assert.equal(code, 1, what);
        assert.match(out, told, what);
        await runSql(db, "delete from events");
        await runSql(db, "insert into events select * from kept");
        assert.equal((await verify(server)).code, 0, what);
      }
    } finally {
      await runSql(db, "drop table kept");
    }
  },
);

onEachDatabase(
  "who has noted the head down notices that the end was cut off, or all was written anew",
  async (server) => {
    await visits(server);
    const noted = /Head: (\S+)/.exec((await verify(server)).out)![1]!;
    await signInNatively(server, "pat@example.org");
    const later = await verify(server, "--head", noted);
    assert.equal(later.code, 0, later.out);

    const { db } = server.app;
    const { entries } = await chainOf(server);
    // Everything fits, without what is noted down: a counter is no more than a row.
    await runSql(db, "delete from events where sequence > 4");
    await runSql(db, `update event_counters set last = 4, hash = '${entries[3].hash}' where id = 'sequence'`);
    assert.equal((await verify(server)).code, 0);
    const cut = await verify(server, "--head", noted);
    assert.equal(cut.code, 1);
    assert.equal(cut.out, "Event 5 is missing.");
    // What happens next takes the numbers that have become free.
    await signInNatively(server, "pat@example.org");
    const anew = await verify(server, "--head", noted, "--format", "json");
    assert.deepEqual(JSON.parse(anew.out), {
      whole: false,
      why: "other_than_noted",
      sequence: 5,
      id: (await chainOf(server, "?after=4")).entries[0].id,
    });
    assert.equal((await verify(server, "--head", "5")).code, 2);
  },
);

onEachDatabase("what is deleted for its age goes from the beginning, and the rest still fits", async (server) => {
  await visits(server);
  const old = (await chainOf(server)).entries;
  const noted = /Head: (\S+)/.exec((await verify(server)).out)![1]!;
  await forget(server);
  const { entries, base } = await chainOf(server);
  assert.deepEqual([entries, base], [[], { sequence: 5, hash: old[4].hash }]);
  await signInNatively(server, "pat@example.org");
  const { code, out } = await verify(server, "--head", noted);
  assert.equal(code, 0, out);
  assert.match(out, /^2 events fit \(6 to 7\)\.\nDeleted for their age: the events up to 5\.\nHead: 7:/);

  // The end of what is deleted is compared as well.
  assert.equal((await verify(server, "--head", `5:${"b".repeat(64)}`)).code, 1);
  assert.match((await verify(server, "--head", `3:${old[2].hash}`)).out, /Event 3, which was noted down, is deleted/);
  await runSql(server.app.db, "delete from events where sequence = 6");
  assert.equal((await verify(server)).out, "Event 6 is missing.");
});

onEachDatabase(
  "an event that a wrong clock has put into the future keeps no others from being deleted",
  async (server) => {
    await server.createPerson({ email: "pat@example.org", password });
    await chainOf(server);
    server.advance(1000 * hourMs);
    await signInNatively(server, "pat@example.org");
    await chainOf(server);
    server.advance(-1000 * hourMs);
    await signInNatively(server, "pat@example.org");
    await chainOf(server);
    await forget(server);
    const { base, head } = await chainOf(server);
    assert.deepEqual([base.sequence, head.sequence], [5, 5]);
  },
);

onEachDatabase("events get their places within seconds although nobody reads them", async (server) => {
  await visits(server);
  await until(async () => {
    const [row] = await runSql<{ without: unknown }>(
      server.app.db,
      "select count(*) as without from events where hash is null",
    );
    return Number(row!.without) === 0;
  });
  const rows = await runSql<{ sequence: unknown }>(server.app.db, "select sequence from events order by sequence");
  assert.deepEqual(
    rows.map(({ sequence }) => Number(sequence)),
    [1, 2, 3, 4, 5],
  );
});

/** A configuration file for commands that use the database themselves. */
async function fileFor(t: TestContext, dsn: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ostiary-events-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "kratos.json");
  writeFileSync(file, JSON.stringify(writtenTree(configOf({ dsn }))));
  return file;
}

test("events are listed and verified without a server as by one", async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  const server = await startServer(t, { dsn });
  t.after(() => drop());
  await visits(server);
  const file = await fileFor(t, dsn);
  const sources = [
    ["-e", server.adminUrl],
    ["-c", file],
  ];
  const answers = await Promise.all(
    sources.map(async (source) => ({
      verified: await runIn({}, "events", "verify", ...source),
      listed: await runIn(
        {},
        "events",
        "list",
        "--type",
        "LoginSucceeded,SessionIssued",
        "-n",
        "3",
        ...source,
        "--format",
        "json",
      ),
      table: await runIn({}, "events", "list", "--since", "1h", "--ascending", ...source),
      wrong: await runIn({}, "events", "list", "--subject", "pat", ...source),
    })),
  );
  assert.deepEqual(answers[0], answers[1]);
  const { verified, listed, table, wrong } = answers[0]!;
  assert.match(verified.out, /^5 events fit/);
  assert.equal(JSON.parse(listed.out).length, 3);
  assert.equal(JSON.parse(listed.out)[0].payload.type, JSON.parse(listed.out)[0].type);
  assert.match(
    table.out,
    /^ID +NUMBER +TIME +TYPE +REASON +ACTOR +SUBJECT\n[0-9a-f-]{36} +1 +\S+Z +IdentityCreated +admin\.create +administrator/,
  );
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /subject_id must be a UUID/);
  const other = await runIn({}, "events", "list", "-c", file, "--tenant", "acme");
  assert.match(other.err, /tenant does not exist/);
  assert.equal((await runIn({}, "events", "verify", ...sources.flat())).code, 2);
  assert.equal((await runIn({}, "events", "list", "--since", "yesterday")).code, 2);
});

test("many pages of events are verified by a database alone", async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  const server = await startServer(t, { dsn });
  t.after(() => drop());
  await visits(server);
  const count = 20_000;
  await runSql(
    server.app.db,
    `insert into events (id, nid, sequence, hash, occurred_at, type, reason, actor_kind, payload)
     with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
     select printf('00000000-0000-7000-8000-%012x', i), nid, null, null, 1, 'SessionRevoked', 'logout', 'system', '{}' from n, (select nid from events limit 1)`,
  );
  await numberAllEvents(server.app.db);
  const { code, out } = await runIn({}, "events", "verify", "-c", await fileFor(t, dsn));
  assert.equal(code, 0);
  assert.match(out, new RegExp(`^${count + 5} events fit`));
});
