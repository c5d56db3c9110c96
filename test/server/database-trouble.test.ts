import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";
import Sqlite from "better-sqlite3";
import { setTimeout as pause } from "node:timers/promises";
import type { Dialect } from "../../src/db/statement.ts";
import { createMigrated, databases, onServer } from "../support/databases.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { runSql } from "../support/run-sql.ts";

type ServerDialect = Exclude<Dialect, "sqlite">;

const onServers = databases.filter((one): one is ServerDialect => one !== "sqlite");

const begin = (server: TestServer) => server.public("GET", "/self-service/registration/api");
const isReady = async (server: TestServer) => (await server.admin("GET", "/health/ready")).status;

async function signUp(server: TestServer): Promise<number> {
  const { status, body } = await begin(server);
  if (status !== 200) return status;
  const traits = { email: `${randomBytes(8).toString("hex")}@example.org` };
  const answer = await server.native.post(`/self-service/registration?flow=${body.id}`, {
    method: "password",
    password: "correct horse battery",
    traits,
  });
  return answer.status;
}

/** Waits until a server says that it is ready, and asks for what it says. */
async function recovers(server: TestServer): Promise<void> {
  const deadline = Date.now() + 15_000;
  while ((await isReady(server)) !== 200 && Date.now() < deadline) await pause(50);
  assert.equal(await isReady(server), 200);
  assert.deepEqual([await signUp(server), await signUp(server)], [200, 200]);
}

async function admitsTrouble(server: TestServer): Promise<void> {
  await pause(300);
  assert.equal(await isReady(server), 503);
  assert.equal((await begin(server)).status, 503);
}

if (databases.includes("sqlite"))
  test("a full disk is answered with 503, of which ready tells, and everything goes on once there is room", async (t) => {
    const { dsn, drop } = await createMigrated("sqlite");
    const server = await startServer(t, { dsn });
    t.after(() => drop());
    assert.equal(await signUp(server), 200);
    const run = (sql: string) => runSql(server.app.db, sql);
    for (let round = 0; round < 3; round++) {
      await run("pragma max_page_count = 1");
      let full = 0;
      for (let n = 0; n < 200 && full < 20; n++) {
        const status = await signUp(server);
        assert.ok(status === 200 || status === 503, String(status));
        full += Number(status === 503);
      }
      assert.equal(full, 20, "the disk was never full");
      const together = await Promise.all(Array.from({ length: 30 }, () => begin(server)));
      assert.ok(
        together.every(({ status, headers }) => status === 200 || (status === 503 && headers.has("retry-after"))),
      );
      await admitsTrouble(server);
      assert.equal((await server.public("GET", "/health/alive")).status, 200);
      await run("pragma max_page_count = 1000000");
      await pause(300);
      await recovers(server);
    }
  });

if (databases.includes("sqlite"))
  test("while another process keeps the file locked, nobody waits for ever and everything else is answered at once", async (t) => {
    const { dsn, drop } = await createMigrated("sqlite");
    const server = await startServer(t, { dsn });
    t.after(() => drop());
    const other = new Sqlite(dsn.slice("sqlite://".length));
    t.after(() => other.close());
    other.exec("begin immediate");
    const writes = Promise.all([begin(server), begin(server), begin(server)]);
    let slowest = 0;
    for (let n = 0; n < 20; n++) {
      const start = performance.now();
      assert.equal(
        (await server.public("GET", "/sessions/whoami", { headers: { "x-session-token": "ory_st_none" } })).status,
        401,
      );
      slowest = Math.max(slowest, performance.now() - start);
      await pause(10);
    }
    assert.ok(slowest < 2_000, `${slowest} ms`);
    assert.equal(await isReady(server), 503);
    assert.deepEqual(
      (await writes).map(({ status }) => status),
      [503, 503, 503],
    );
    // The write by which readiness was tried waits in line for as long.
    await pause(5_500);
    const short = begin(server);
    const made = server.createPerson({ email: "ada@example.org", password: "correct horse" });
    await pause(200);
    other.exec("commit");
    assert.equal((await short).status, 200, "a lock that is soon given back is waited for");
    await assert.doesNotReject(made, "by a transaction as well");
    await recovers(server);
  });

const kill: Record<ServerDialect, (database: string) => Promise<unknown>> = {
  postgresql: (name) =>
    onServer("postgresql", `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`),
  async mysql(name) {
    const [rows] = (await onServer("mysql", `select id from information_schema.processlist where db = '${name}'`)) as [
      { id: number }[],
    ];
    // One that has gone meanwhile is nobody's any more.
    for (const { id } of rows) await onServer("mysql", `kill ${id}`).catch(() => undefined);
  },
};

const nameOf = (dsn: string) => new URL(dsn).pathname.slice(1);

async function startOn(
  t: TestContext,
  dialect: ServerDialect,
  asUser?: string,
): Promise<{ server: TestServer; name: string; admin: string }> {
  const { dsn, drop } = await createMigrated(dialect);
  const url = new URL(dsn);
  if (asUser) url.username = asUser;
  if (asUser) url.password = "secret";
  const server = await startServer(t, { dsn: url.href });
  t.after(() => drop());
  return { server, name: nameOf(dsn), admin: dsn };
}

for (const dialect of onServers)
  test(`connections that break in the midst of transactions, again and again, cost nobody the pool (${dialect})`, async (t) => {
    const { server, name } = await startOn(t, dialect);
    let over = false;
    const seen = new Map<number, number>();
    const people = Array.from({ length: 24 }, async () => {
      while (!over) {
        const { status } = await begin(server);
        seen.set(status, (seen.get(status) ?? 0) + 1);
      }
    });
    for (let n = 0; n < 40; n++) {
      await kill[dialect](name);
      await pause(25);
    }
    over = true;
    await Promise.all(people);
    const statuses = [...seen.keys()].filter((status) => status !== 200 && status !== 503);
    assert.deepEqual(statuses, [], JSON.stringify([...seen]));
    assert.ok(seen.get(503), "no connection broke");
    await recovers(server);
  });

const user = () => `ostiary_test_${randomBytes(5).toString("hex")}`;

const grant: Record<ServerDialect, (name: string, admin: string) => Promise<unknown>> = {
  async postgresql(name, admin) {
    await onServer("postgresql", `create role ${name} login password 'secret'`);
    await onServer(
      "postgresql",
      `grant select, insert, update, delete on all tables in schema public to ${name}`,
      admin,
    );
  },
  async mysql(name, admin) {
    await onServer("mysql", `create user ${name}@'%' identified by 'secret'`);
    await onServer("mysql", `grant select, insert, update, delete on ${nameOf(admin)}.* to ${name}@'%'`);
  },
};

const withdraw: Record<ServerDialect, (name: string, admin: string) => Promise<unknown>> = {
  async postgresql(name, admin) {
    await onServer("postgresql", `drop owned by ${name}`, admin);
    await onServer("postgresql", `drop role ${name}`);
  },
  mysql: (name) => onServer("mysql", `drop user ${name}@'%'`),
};

const troubles: readonly {
  title: string;
  dialect: ServerDialect;
  make(admin: string, name: string): readonly string[];
  end(admin: string, name: string): readonly string[];
}[] = [
  {
    title: "a database that has become read-only",
    dialect: "postgresql",
    make: (admin) => [`alter database ${nameOf(admin)} set default_transaction_read_only = on`],
    end: (admin) => [`alter database ${nameOf(admin)} reset default_transaction_read_only`],
  },
  {
    title: "a user who may not write",
    dialect: "mysql",
    make: (admin, name) => [`revoke insert, update, delete on ${nameOf(admin)}.* from ${name}@'%'`],
    end: (admin, name) => [`grant select, insert, update, delete on ${nameOf(admin)}.* to ${name}@'%'`],
  },
  {
    title: "too many connections",
    dialect: "postgresql",
    make: (_, name) => [`alter role ${name} connection limit 0`],
    end: (_, name) => [`alter role ${name} connection limit -1`],
  },
  {
    title: "too many connections",
    dialect: "mysql",
    make: (_, name) => [`alter user ${name}@'%' with max_connections_per_hour 1`],
    end: (_, name) => [`alter user ${name}@'%' with max_connections_per_hour 0`],
  },
  {
    title: "a password that was changed",
    dialect: "postgresql",
    make: (_, name) => [`alter role ${name} nologin`],
    end: (_, name) => [`alter role ${name} login`],
  },
  {
    title: "a password that was changed",
    dialect: "mysql",
    make: (_, name) => [`alter user ${name}@'%' identified by 'another'`],
    end: (_, name) => [`alter user ${name}@'%' identified by 'secret'`],
  },
];

for (const { title, dialect, make, end } of troubles)
  if (databases.includes(dialect))
    test(`${title}: 503, of which ready tells, and everything goes on by itself (${dialect})`, async (t) => {
      const { dsn: admin, drop } = await createMigrated(dialect);
      const name = user();
      await grant[dialect](name, admin);
      const url = Object.assign(new URL(admin), { username: name, password: "secret" });
      const server = await startServer(t, { dsn: url.href });
      t.after(() => withdraw[dialect](name, admin));
      t.after(() => drop());
      assert.equal(await signUp(server), 200);
      for (const sql of make(admin, name)) await onServer(dialect, sql);
      await kill[dialect](nameOf(admin));
      await pause(100);
      await admitsTrouble(server);
      for (const sql of end(admin, name)) await onServer(dialect, sql);
      await recovers(server);
    });
