import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { cleanUp } from "../../src/cleanup/clean-up.ts";
import { deleteBatch, findBatch, expiredRows } from "../../src/cleanup/expired-rows.ts";
import { codes } from "../../src/code/entities.ts";
import { courierMessages } from "../../src/courier/entities.ts";
import type { Dialect } from "../../src/db/statement.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { change, insert } from "../../src/db/query.ts";
import type { Table } from "../../src/db/table.ts";
import { flowErrors, flows } from "../../src/flow/entities.ts";
import { sessionDevices, sessions } from "../../src/session/entities.ts";
import { throttles } from "../../src/throttle/entities.ts";
import type { ConfigTree } from "../support/config.ts";
import { runIn } from "../support/command-line.ts";
import { until } from "../support/courier.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { mailTo } from "../support/mailbox.ts";
import { atOnce, begin, password, signedIn, signInNatively, submit } from "../support/person.ts";
import { countOf, reach } from "../support/rows.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const hour = 3_600_000;
const day = 24 * hour;
const courier = { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } };
const selfservice = { methods: { code: { enabled: true } }, flows: { recovery: { enabled: true } } };

async function withServer(t: TestContext, dialect: Dialect, config: ConfigTree = {}) {
  const scratch = await createMigrated(dialect);
  const server = await startServer(t, { dsn: scratch.dsn, config: { courier, selfservice, ...config } });
  t.after(() => scratch.drop());
  return { server, dsn: scratch.dsn };
}

async function counts(server: TestServer): Promise<Record<string, number>> {
  const tables: Record<string, Table> = {
    sessions,
    devices: sessionDevices,
    flows,
    codes,
    errors: flowErrors,
    throttles,
    messages: courierMessages,
  };
  const rows = await Promise.all(
    Object.entries(tables).map(async ([name, table]) => [name, await countOf(server.app.db, table)] as const),
  );
  return Object.fromEntries(rows);
}

/** Somebody signs in, and asks twice for a code to recover by. One of the messages is sent. */
async function visit(server: TestServer, email: string): Promise<Record<string, string>> {
  const headers = await signInNatively(server, email);
  for (let times = 0; times < 2; times++)
    await submit(server, await begin(server, "recovery", {}), { method: "code", email }, {});
  const { id } = await mailTo(server, email);
  await change(reach(server.app.db), courierMessages, { status: "sent", dueAt: null }, (query) =>
    query.where("id", "=", id),
  );
  await insert(reach(server.app.db), flowErrors, [
    { id: uuidv7(server.now().getTime()), createdAt: server.now(), updatedAt: server.now(), error: {} },
  ]);
  return headers;
}

for (const dialect of databases) {
  test(`what has run out goes, what lives stays (${dialect})`, async (t) => {
    const { server, dsn } = await withServer(t, dialect);
    const clean = (...words: string[]) =>
      runIn({ DSN: dsn }, "cleanup", "sql", "-e", "--sleep-tables", "0", "--format", "json", ...words);
    server.advance(-3 * day);
    for (const email of ["pat@example.org", "ben@example.org"]) await server.createPerson({ email, password });
    await visit(server, "pat@example.org");
    const old = await counts(server);
    server.advance(3 * day);
    const headers = await visit(server, "ben@example.org");

    assert.deepEqual(JSON.parse((await clean("--keep-last", "96h")).out).deleted, {
      sessions: 0,
      flows: 0,
      codes: 0,
      session_token_exchanges: 0,
      invitations: 0,
      oauth2_objects: 0,
      identity_imports: 0,
      flow_errors: 0,
      throttles: old["throttles"],
      courier_messages: 0,
      subscription_deliveries: 0,
      events: 0,
      hourly_counts: 0,
      console_sessions: 0,
      impersonation_links: 0,
    });
    const { code, out } = await clean("--batch-size", "2", "--keep-messages", "48h");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out).deleted, {
      sessions: 1,
      flows: 3,
      codes: 2,
      session_token_exchanges: 0,
      invitations: 0,
      oauth2_objects: 0,
      identity_imports: 0,
      flow_errors: 1,
      throttles: 0,
      courier_messages: 1,
      subscription_deliveries: 0,
      events: 0,
      hourly_counts: 0,
      console_sessions: 0,
      impersonation_links: 0,
    });
    // Of the old messages one is still to be sent.
    const left = { sessions: 1, devices: 1, flows: 3, codes: 2, errors: 1, messages: 3 };
    const { throttles: _, ...now } = await counts(server);
    assert.deepEqual(now, left);
    assert.equal((await server.native.get("/sessions/whoami", { headers })).status, 200);
    const again = await runIn({}, "cleanup", "sql", dsn, "--keep-messages", "48h");
    assert.deepEqual(
      again.out
        .split("\n")
        .slice(1)
        .map((line) => line.split(/ +/)),
      [
        "console_sessions",
        "impersonation_links",
        "sessions",
        "flows",
        "codes",
        "session_token_exchanges",
        "invitations",
        "oauth2_objects",
        "identity_imports",
        "flow_errors",
        "throttles",
        "courier_messages",
        "subscription_deliveries",
        "hourly_counts",
        "events",
      ].map((table) => [table, "0"]),
    );
  });

  test(`two clean up at once while people sign in: each row goes once, and nobody is turned away (${dialect})`, async (t) => {
    const { server } = await withServer(t, dialect);
    const { id: identityId } = await signedIn(server);
    const past = new Date(Date.now() - hour);
    const row = (n: number) => ({
      id: uuidv7(),
      createdAt: past,
      updatedAt: past,
      identityId,
      tokenHash: String(n).padStart(64, "0"),
      active: true,
      aal: 1 as const,
      methods: [],
      authenticatedAt: past,
      issuedAt: past,
      expiresAt: new Date(past.getTime() - n),
      lastSeenAt: past,
    });
    await insert(
      reach(server.app.db),
      sessions,
      Array.from({ length: 1000 }, (_, n) => row(n)),
    );
    const options = {
      batchSize: 50,
      tablePauseMs: 0,
      keepMs: 0,
      keepMessagesMs: day,
      keepDeliveriesMs: day,
      keepEventsMs: day,
    };
    const [one, other] = await Promise.all([
      cleanUp(server.app.db, options),
      cleanUp(server.app.db, options),
      atOnce(8, () => signInNatively(server, "pat@example.org")),
    ]);
    assert.equal(one!["sessions"]! + other!["sessions"]!, 1000);
    assert.equal(await countOf(server.app.db, sessions), 9);
  });

  test(`a session that is extended at the last moment stays (${dialect})`, async (t) => {
    const { server } = await withServer(t, dialect);
    await signedIn(server);
    const { db } = server.app;
    const expired = expiredRows.find(({ table }) => table === "sessions")!;
    const limit = Date.now() + 2 * day;
    const found = await db.read<{ nid: string; id: string }>(findBatch(expired), [limit, 10]);
    assert.equal(found.length, 1);
    await change(reach(db), sessions, { expiresAt: new Date(limit + 1) }, (query) => query);
    assert.equal(await db.write(deleteBatch(expired, 1), [found[0]!.id, found[0]!.nid, limit]), 0);
  });

  test(`a server cleans up by itself, but keeps what ran out today (${dialect})`, async (t) => {
    const { server } = await withServer(t, dialect, {
      database: { cleanup: { every: "200ms", sleep: { tables: "0s" } } },
    });
    server.advance(-10 * day);
    await signedIn(server);
    server.advance(10 * day);
    await until(async () => (await countOf(server.app.db, sessions)) === 0);
    server.advance(-25 * hour);
    await signInNatively(server, "pat@example.org");
    server.advance(25 * hour);
    await new Promise((done) => setTimeout(done, 500));
    assert.equal(await countOf(server.app.db, sessions), 1);
  });
}

test("each flag says how long one thing stays", async (t) => {
  const { server, dsn } = await withServer(t, "sqlite");
  server.advance(-20 * day);
  await server.createPerson({ email: "pat@example.org", password });
  await visit(server, "pat@example.org");
  server.advance(20 * day);
  const kept = { "--keep-last": "600h", "--keep-messages": "600h", "--keep-events": "600h" };
  for (const [flags, gone] of [
    [{}, []],
    [{ "--keep-events": "240h" }, ["events"]],
    [{ "--keep-messages": "240h", "-b": "1" }, ["courier_messages"]],
    [{ "--keep-last": "240h", "--database.cleanup.batch_size": "1" }, ["sessions", "flows", "codes", "flow_errors"]],
    [{ "--keep-last": "0", "--keep-messages": "0", "--keep-events": "0" }, []],
  ] as const) {
    const words = Object.entries({ ...kept, ...flags, "--database.cleanup.sleep.tables": "0" }).flat();
    const { out, err } = await runIn({}, "cleanup", "sql", dsn, "--format", "json", ...words);
    const deleted = Object.entries(JSON.parse(out || "{}").deleted ?? {}).filter(([, rows]) => rows !== 0);
    const named = deleted.map(([table]) => table).filter((table) => table !== "throttles");
    assert.deepEqual(named.toSorted(), gone.toSorted(), JSON.stringify([flags, err]));
  }
});

test("limits come from flags, else variables, else files, and are checked", async (t) => {
  const scratch = await createMigrated("sqlite");
  t.after(() => scratch.drop());
  const clean = (environment: NodeJS.ProcessEnv, ...words: string[]) => runIn(environment, "cleanup", "sql", ...words);
  assert.equal((await runIn({}, "migrate", "sql", "up", "--yes", scratch.dsn)).code, 0);
  const file = `${scratch.dsn.slice("sqlite://".length)}.yml`;
  writeFileSync(file, JSON.stringify({ dsn: scratch.dsn, database: { cleanup: { batch_size: 0 } } }));
  assert.match((await clean({}, "-c", file)).err, /database\.cleanup\.batch_size: must be at least 1/);
  assert.equal((await clean({ DATABASE_CLEANUP_BATCH_SIZE: "7" }, "-c", file)).code, 0);
  assert.match(
    (await clean({ DATABASE_CLEANUP_BATCH_SIZE: "7" }, "-c", file, "-b", "many")).err,
    /batch_size: must be a whole number/,
  );
  assert.match((await clean({}, scratch.dsn, "--keep-last", "soon")).err, /older_than: must be a duration/);
  assert.match((await clean({}, scratch.dsn, "--format", "xml")).err, /--format must be table/);
  assert.match((await clean({})).err, /needs a database/);
  assert.match((await clean({}, "memory")).err, /cannot use the database `memory`/);
});
